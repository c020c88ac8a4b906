"""Durable facts: what happened is written down with the change and told after commit.

``order_placed.announce(order_id=5)`` writes one row per subscriber in the caller's transaction.
Rows are delivered after commit, at least once: by a background thread of a process that serves
requests, at once in commands and shells (see ``FactsSettings.DELIVERY``). A subscriber that fails
is tried again with growing pauses and finally parked where staff can see it.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.signals import request_started
from django.db import connections, transaction
from django.db.models import ExpressionWrapper, fields
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from .conf import facts_settings
from .idempotency import forget_expired
from .models import Delivery

logger = logging.getLogger("shopkit.facts")

Subscriber = Callable[..., None]
BATCH = 100


class Fact:
    """Something that happened, under a dotted name: "order.placed"."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._subscribers: dict[str, Subscriber] = {}

    def subscribe(self, subscriber: Subscriber) -> Subscriber:
        """Call the module-level function ``subscriber`` with the announced ids from now on.

        It must be safe to run twice. Connect it from ``AppConfig.ready``.
        """
        self._subscribers[f"{subscriber.__module__}.{subscriber.__qualname__}"] = subscriber
        return subscriber

    @property
    def subscribers(self) -> tuple[str, ...]:
        """Dotted paths of who will be told."""
        return tuple(self._subscribers)

    def announce(self, **ids: int | str) -> None:
        """Write the fact down for every subscriber, in the caller's transaction.

        ids -- what a subscriber needs to look the rest up; never values or secrets
        """
        if not self._subscribers:
            return
        Delivery.objects.bulk_create(
            Delivery(fact=self.name, subscriber=path, ids=ids) for path in self._subscribers
        )
        transaction.on_commit(_wake, robust=True)


def deliver_due(limit: int = BATCH) -> int:
    """Deliver up to ``limit`` rows that are due; return how many were tried here.

    Safe to run in many processes at once: a row is claimed by a compare-and-set on ``attempts``
    before its subscriber is called, and its claim ends with the lease.
    """
    rows = list(Delivery.objects.due().order_by("pk")[:limit])
    return sum(_deliver(row) for row in rows)


def deliver_all() -> int:
    """Deliver until nothing is due or other processes are at all of it; return how many were tried.

    A batch that was shared with another process is no sign of the end, an empty one is.
    """
    total = 0
    while tried := deliver_due():
        total += tried
    return total


def retry(rows: "list[Delivery]") -> int:
    """Give parked ``rows`` a fresh series of tries, the first at once; return how many."""
    chosen = Delivery.objects.parked().filter(pk__in=[row.pk for row in rows])
    count = chosen.update(parked_at=None, attempts=0, due_at=Now())
    transaction.on_commit(_wake, robust=True)
    return count


def _deliver(row: Delivery) -> bool:
    settings = facts_settings()
    mine = Delivery.objects.due().filter(pk=row.pk, attempts=row.attempts)
    if not mine.update(attempts=row.attempts + 1, due_at=_later(settings.LEASE)):
        return False
    claimed = Delivery.objects.pending().filter(pk=row.pk, attempts=row.attempts + 1)
    try:
        import_string(row.subscriber)(**row.ids)
    except Exception as error:
        logger.exception("Subscriber %s of %s failed.", row.subscriber, row.fact)
        _postpone(claimed, attempt=row.attempts, reason=f"{type(error).__name__}: {error}")
    else:
        claimed.update(delivered_at=Now(), last_error="")
    return True


def _postpone(claimed: Any, *, attempt: int, reason: str) -> None:
    pauses = facts_settings().PAUSES
    if attempt < len(pauses):
        claimed.update(due_at=_later(timedelta(seconds=pauses[attempt])), last_error=reason[:2000])
    else:
        claimed.update(parked_at=Now(), last_error=reason[:2000])


def _later(pause: timedelta) -> Any:
    return ExpressionWrapper(Now() + pause, output_field=fields.DateTimeField())


class _Relay:
    """The background thread of a process that serves requests; started at its first request."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.serves = False

    def start(self, **_: Any) -> None:
        """Note that this process serves requests, and pick up what a crash left behind."""
        if self.serves and self._thread is not None and self._thread.is_alive():
            return
        self.serves = True
        if facts_settings().DELIVERY not in {"auto", "thread"}:
            return
        try:
            self.wake()
        except RuntimeError:  # no thread to be had; a request must not fail for that
            logger.exception("Facts cannot be delivered in the background now.")

    def wake(self) -> None:
        """Deliver soon; never blocks the caller."""
        self._woken.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="shopkit-facts", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._woken.wait(facts_settings().SWEEP_EVERY.total_seconds())
            self._woken.clear()
            try:
                deliver_all()
                forget_expired()
            except Exception:
                # The database may be away; the next round tries again.
                logger.exception("Delivery of facts stopped; it will be tried again.")
            finally:
                connections.close_all()


_relay = _Relay()


def _wake() -> None:
    delivery = facts_settings().DELIVERY
    if delivery == "thread" or (delivery == "auto" and _relay.serves):
        _relay.wake()
    elif delivery in {"auto", "sync"}:
        deliver_due()


def connect() -> None:
    """Begin to watch for requests; called once by the app's ``ready``."""
    request_started.connect(_relay.start, dispatch_uid="shopkit.core.facts")
