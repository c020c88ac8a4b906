"""Is this process ready to serve? Probes of what it leans on, bounded in time.

A probe is a function without arguments that returns when its subject answers and raises when it
does not. Apps register theirs with ``@probe``; a site names its own in ``HEALTH["PROBES"]``.
"""

import secrets
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from .backends import load_callable
from .checks import our_databases
from .conf import facts_settings, health_settings

Probe = Callable[[], None]
PROBES: dict[str, Probe] = {}
_used: dict[str, Callable[[], bool]] = {}


class NotReady(Exception):
    """What was asked answers, but not as it should; the message goes to the log."""


def probe(name: str, *, used: Callable[[], bool] = lambda: True) -> Callable[[Probe], Probe]:
    """Ask the decorated function, too, whether the site is ready.

    name -- what the answer calls it: "cart_store"
    used -- whether this site has such a thing at all
    """

    def register(function: Probe) -> Probe:
        PROBES[name] = function
        _used[name] = used
        return function

    return register


def known_probes() -> dict[str, Probe]:
    """Return the probes of what this site uses, its own among them.

    Raises ImproperlyConfigured for one of ``HEALTH["PROBES"]`` that does not import.
    """
    ours = {name: function for name, function in PROBES.items() if _used[name]()}
    return {
        **ours,
        **{name: load_callable(path) for name, path in health_settings().PROBES.items()},
    }


@dataclass(frozen=True)
class Readiness:
    """What the probes said.

    troubles -- {name: why it is down, "" where it is up}; the reasons are for logs and terminals
    optional -- names that do not make a site unready
    """

    troubles: dict[str, str]
    optional: tuple[str, ...]

    @property
    def down(self) -> list[str]:
        """Names of what does not answer, sorted."""
        return sorted(name for name, trouble in self.troubles.items() if trouble)

    @property
    def is_ready(self) -> bool:
        """Whether requests should be sent here."""
        return set(self.down) <= set(self.optional)

    def as_json(self) -> dict[str, Any]:
        """Return the answer for a load balancer: names, and no word about why."""
        status = "ready" if not self.down else "degraded" if self.is_ready else "unready"
        shown = {name: "down" if why else "up" for name, why in sorted(self.troubles.items())}
        return {"status": status, "probes": shown, "down": self.down}


def readiness(names: Iterable[str] | None = None) -> Readiness:
    """Ask the probes, all at once; what has not answered after ``HEALTH["TIMEOUT"]`` is down.

    names -- ask only these

    Raises KeyError for a name that no probe of this site has.
    """
    section, known = health_settings(), known_probes()
    chosen = known if names is None else {name: known[name] for name in names}
    running = {name: _start(name, function) for name, function in chosen.items()}
    wait(running.values(), timeout=section.TIMEOUT)
    return Readiness(
        troubles={name: _trouble(future) for name, future in running.items()},
        optional=section.OPTIONAL,
    )


_lock = threading.Lock()
_running: dict[str, "Future[None]"] = {}


def _start(name: str, function: Probe) -> "Future[None]":
    """Run the probe in a thread of its own, or join the run that has not ended yet.

    So a server that is frozen holds one thread per process, however often one asks.
    """
    with _lock:
        future = _running.get(name)
        if future is None or future.done():
            future = _running[name] = Future()
            work = threading.Thread(
                target=_run, args=(function, future), name=f"shopkit-probe-{name}", daemon=True
            )
            try:
                work.start()
            except RuntimeError as error:  # no thread to be had now
                future.set_exception(error)
        return future


def _run(function: Probe, future: "Future[None]") -> None:
    try:
        function()
    except Exception as error:  # noqa: BLE001 - whatever it is, its subject is down
        future.set_exception(error)
    else:
        future.set_result(None)
    finally:
        connections.close_all()  # this thread's own


def _trouble(future: "Future[None]") -> str:
    if not future.done():
        return "it has not answered in time"
    error = future.exception()
    return f"{type(error).__name__}: {error}".strip() if error is not None else ""


# --- what every site leans on ------------------------------------------------------------------


@probe("database")
def databases_answer() -> None:
    """Raise when a database with our tables does not answer."""
    for alias in sorted(our_databases()):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")


_migrated: set[str] = set()


@probe("migrations")
def databases_are_migrated() -> None:
    """Raise when a migration of this release has not been applied yet.

    Once applied is applied: the files are read until then only.
    """
    for alias in sorted(our_databases() - _migrated):
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise NotReady(f"Database {alias!r} waits for migrations.")
        _migrated.add(alias)


@probe("cache")
def caches_answer() -> None:
    """Raise when a cache does not give back what it was given, be it silently."""
    for alias in settings.CACHES:
        if isinstance(caches[alias], DummyCache):
            continue
        key = f"shopkit-probe-{secrets.token_hex(8)}"
        caches[alias].set(key, "here", timeout=10)
        if caches[alias].get(key) != "here":
            raise NotReady(f"Cache {alias!r} forgets.")
        caches[alias].delete(key)


def _by_celery() -> bool:
    return facts_settings().DELIVERY == "celery"


@probe("broker", used=_by_celery)
def broker_answers() -> None:
    """Raise when the broker that wakes the workers does not answer."""
    application = import_module("celery").current_app
    with application.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2)
