"""Work that comes round: declared by each app, done by Celery's beat, a thread or a command.

An app declares its jobs on its ``AppConfig``, and so may a site's own apps::

    class LoyaltyConfig(AppConfig):
        name = "loyalty"
        shopkit_jobs = (
            Job(
                "loyalty-expire-points",
                run="loyalty.services.expire_points",
                task="loyalty.tasks.expire_points",
                every=timedelta(hours=1),
            ),
        )

A job must be safe to run twice at once, because nothing here keeps two schedulers apart. This
module knows nothing of Celery.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from .backends import load_callable

logger = logging.getLogger("shopkit.schedule")


@dataclass(frozen=True)
class Job:
    """Something to be done again and again.

    name -- unique on the site: "shopkit-expire-orders"
    run -- dotted path of a callable without arguments that does all there is to do and returns
        how much that was
    task -- name of the Celery task that calls it
    every -- how often
    """

    name: str
    run: str
    task: str
    every: timedelta


def jobs() -> dict[str, Job]:
    """Return the jobs of the installed apps by name.

    Raises ImproperlyConfigured when two have one name, or one is no ``Job``.
    """
    found: dict[str, Job] = {}
    for config in apps.get_app_configs():
        for job in getattr(config, "shopkit_jobs", ()):
            if not isinstance(job, Job):
                raise ImproperlyConfigured(f"{config.name}: {job!r} is not a Job.")
            if found.setdefault(job.name, job) is not job:
                raise ImproperlyConfigured(f"Two jobs are called {job.name!r}.")
    return found


def beat_schedule(own: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Return what ``CELERY_BEAT_SCHEDULE`` is to be.

    It may stand in a settings file: apps are looked at when the beat reads it, not before.

    own -- the site's entries, by name; one of ours is replaced by one with its name, and left out
        where that is None
    """
    return SimpleLazyObject(lambda: _entries(own or {}))  # type: ignore[return-value]


def _entries(own: Mapping[str, Any]) -> dict[str, Any]:
    ours = {name: _entry(job) for name, job in jobs().items()}
    return {name: entry for name, entry in {**ours, **own}.items() if entry is not None}


def _entry(job: Job) -> dict[str, Any]:
    # A worker that was away finds one run waiting that is worth doing, not a hundred.
    options = {"expires": max(job.every.total_seconds(), 60)}
    return {"task": job.task, "schedule": job.every, "options": options}


def run_all() -> dict[str, int | None]:
    """Run every job now; return how much each did, None where it failed, which is logged."""
    return {name: _run(job) for name, job in jobs().items()}


class Timetable:
    """When each job is to run next in this process; at first all of them, at once."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def run_due(self, *, until: Callable[[], bool] = lambda: False) -> dict[str, int | None]:
        """Run the jobs whose time has come and return what ``run_all`` does.

        until -- asked before each job; once it says yes, no further one is begun
        """
        done = {}
        for name, job in jobs().items():
            if until():
                break
            if time.monotonic() >= self._next.get(name, 0.0):
                done[name] = _run(job)
                self._next[name] = time.monotonic() + job.every.total_seconds()
        return done


def _run(job: Job) -> int | None:
    try:
        return int(load_callable(job.run)())
    except Exception:
        logger.exception("The job %s failed; it will come round again.", job.name)
        return None
