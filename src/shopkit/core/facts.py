"""Durable facts: what happened is written down with the change and told after commit.

``order_placed.announce(order_id=5)`` writes one row per subscriber in the caller's transaction.
Rows are delivered after commit, at least once: by a Celery worker, by a background thread of a
process that serves requests, or at once in commands and shells (see ``FactsSettings.DELIVERY``). A
subscriber that fails is tried again with growing pauses and finally parked where staff can see it.
"""

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.signals import request_started
from django.db import connections, router, transaction
from django.db.models import ExpressionWrapper, fields
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from .conf import facts_settings
from .inserts import insert_rows
from .logs import clean
from .models import Delivery, DeliveryQuerySet
from .purge import delete_all
from .schedule import Timetable

logger = logging.getLogger("shopkit.facts")

Subscriber = Callable[..., None]
BATCH = 100
BETWEEN_WAKE_UPS = 0.1  # seconds
BROKER_PAUSE = 5.0  # seconds
LATE = 2  # sweeps; a worker that lives delivers within one
# Batches that this process is at: what of them is not begun yet.
_claimed: dict[int, deque[Delivery]] = {}
SILENT = "Every try ended without a word: its process died, or it ran longer than LEASE."


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
        insert_rows(
            [Delivery(fact=self.name, subscriber=path, ids=ids) for path in self._subscribers]
        )
        transaction.on_commit(_wake, robust=True)


def deliver_due(limit: int = BATCH, *, until: float | None = None) -> int:
    """Deliver up to ``limit`` rows that are due; return how many were tried here.

    Safe to run in many processes at once: rows are claimed by raising ``attempts`` before their
    subscribers are called, in no transaction, and the claim ends with the lease. Fresh rows are
    claimed together. Rows that were tried before are claimed one by one, so that one that kills
    its process takes no other along.

    until -- by ``time.monotonic``, when no further row is begun; None for no such time
    """
    tried = _deliver_batch(tried_before=False, limit=limit, until=until)
    while tried < limit and (more := _deliver_batch(tried_before=True, limit=1, until=until)):
        tried += more
    return tried


def deliver_all(*, within: float | None = None) -> int:
    """Deliver until nothing is due or other processes are at all of it; return how many were tried.

    A batch that was shared with another process is no sign of the end, an empty one is.

    within -- seconds after which no further row is begun; None for without end
    """
    until = None if within is None else time.monotonic() + within
    total = 0
    while tried := deliver_due(until=until):
        total += tried
    return total


def retry(rows: "Iterable[Delivery]") -> int:
    """Give parked ``rows`` a fresh series of tries, the first at once; return how many."""
    chosen = Delivery.objects.parked().filter(pk__in=[row.pk for row in rows])
    count = chosen.update(parked_at=None, attempts=0, due_at=Now())
    transaction.on_commit(_wake, robust=True)
    return count


def forget_delivered() -> int:
    """Delete rows that were delivered longer than ``KEEP_DELIVERED`` ago; return how many.

    Parked rows stay until somebody decides about them.
    """
    kept = facts_settings().KEEP_DELIVERED
    return delete_all(Delivery.objects.filter(delivered_at__lte=Now() - kept))


def _deliver_batch(*, tried_before: bool, limit: int, until: float | None) -> int:
    """Claim rows and call their subscribers, as long as half of the lease is left for the next."""
    now = time.monotonic()
    if _relay.is_ending or (until is not None and now >= until):
        return 0
    end = now + facts_settings().LEASE.total_seconds() / 2
    if until is not None:
        end = min(end, until)
    waiting = deque(_claim(tried_before=tried_before, limit=limit))
    _claimed[id(waiting)] = waiting
    tried = 0
    try:
        while waiting and time.monotonic() < end and not _relay.is_ending:
            _deliver(waiting.popleft())
            tried += 1
    finally:
        try:
            _give_back(waiting)
        finally:
            del _claimed[id(waiting)]
    return tried


def _claim(*, tried_before: bool, limit: int) -> list[Delivery]:
    """Return rows that are ours until the lease ends, with ``attempts`` as it now stands."""
    # Each by the order of the index that finds it; by key, a retry would be looked for among all
    # that was ever delivered.
    order = "due_at" if tried_before else "pk"
    due = Delivery.objects.due().tried_before(tried_before).order_by(order)[:limit]
    if connections[router.db_for_write(Delivery)].vendor == "postgresql":
        return _claim_together(due)
    return [row for row in due if _took(row)]


def _claim_together(due: DeliveryQuerySet) -> list[Delivery]:
    """One statement for the whole batch; rows that another process is claiming are passed over."""
    chosen, values = due.values("id").query.sql_with_params()
    # MATERIALIZED: or else the planner may run the choice, and its LIMIT, more than once.
    sql = f"""
        WITH chosen AS MATERIALIZED ({chosen} FOR UPDATE SKIP LOCKED)
        UPDATE {Delivery._meta.db_table} AS mine
        SET attempts = mine.attempts + 1, due_at = STATEMENT_TIMESTAMP() + %s
        FROM chosen WHERE mine.id = chosen.id
        RETURNING mine.*
    """  # noqa: S608 - nothing but the names of our own table
    rows = Delivery.objects.using(router.db_for_write(Delivery)).raw(
        sql, (*values, facts_settings().LEASE)
    )
    return sorted(rows, key=lambda row: row.pk)


def _took(row: Delivery) -> bool:
    """Say whether ``row`` is ours now: of many who raise ``attempts`` from one value, one does."""
    mine = Delivery.objects.due().filter(pk=row.pk, attempts=row.attempts)
    row.attempts += 1
    return bool(mine.update(attempts=row.attempts, due_at=_later(facts_settings().LEASE)))


def _ours(row: Delivery) -> Any:
    """Return the row as long as nobody took it over after our lease."""
    return Delivery.objects.pending().filter(pk=row.pk, attempts=row.attempts)


def _deliver(row: Delivery) -> None:
    if row.attempts > len(facts_settings().PAUSES) + 1:
        logger.error("Subscriber %s of %s never comes back.", row.subscriber, row.fact)
        _ours(row).update(parked_at=Now(), last_error=SILENT)
        return
    try:
        import_string(row.subscriber)(**row.ids)
    except Exception as error:
        logger.exception("Subscriber %s of %s failed.", row.subscriber, row.fact)
        _postpone(row, reason=_reason_of(error))
    else:
        _ours(row).update(delivered_at=Now(), last_error="")


def _postpone(row: Delivery, *, reason: str) -> None:
    pauses = facts_settings().PAUSES
    if row.attempts <= len(pauses):
        pause = timedelta(seconds=pauses[row.attempts - 1])
        _ours(row).update(due_at=_later(pause), last_error=reason)
    else:
        _ours(row).update(parked_at=Now(), last_error=reason)


def _reason_of(error: Exception) -> str:
    """Return what a row may keep of an error: clean like a log line, and text to any database."""
    text = clean(f"{type(error).__name__}: {error}").replace("\0", "?")
    return text.encode(errors="replace").decode()[:2000]


def _give_back(rows: deque[Delivery]) -> None:
    """Let others have what we have claimed and not begun; it does not count as a try."""
    with suppress(IndexError):  # until there is none; at the end of a process two threads pull
        while True:
            row = rows.popleft()
            _ours(row).update(attempts=row.attempts - 1, due_at=Now())


def _later(pause: timedelta) -> Any:
    return ExpressionWrapper(Now() + pause, output_field=fields.DateTimeField())


class _Relay:
    """The background thread of a process: it delivers, or it wakes a Celery worker.

    serves -- this process answers requests, so it lives long enough to deliver by itself
    is_ending -- this process is about to end: nothing more is begun
    """

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._timetable = Timetable()
        self._is_busy = False
        self._is_standing_in = False
        self._broker_is_away_until = 0.0
        self._next_look = 0.0
        self.serves = False
        self.is_ending = False

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
        """Deliver, or have it done, soon; never blocks the caller."""
        self._woken.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="shopkit-facts", daemon=True)
                self._thread.start()

    def finish(self, *, within: float = 3) -> None:
        """Let the process end well: called when it has nothing else to do.

        What its thread has begun comes to an end, if it does so in time; what it has claimed beyond
        that goes back in any case, or it would wait for the end of the lease. A command's wake-up
        gets out, if the broker lets it.

        within -- seconds
        """
        if self._thread is None:
            return
        is_command = facts_settings().DELIVERY == "celery" and not self.serves
        self.is_ending = not is_command
        end = time.monotonic() + within
        while (self._is_busy or (is_command and self._woken.is_set())) and time.monotonic() < end:
            time.sleep(0.02)
        try:
            for waiting in list(_claimed.values()):
                _give_back(waiting)
        except Exception:
            logger.exception("What was not begun waits for the end of its lease.")

    def _run(self) -> None:
        while True:
            is_woken = self._woken.wait(facts_settings().SWEEP_EVERY.total_seconds())
            self._is_busy = True
            self._woken.clear()
            try:
                self._work(is_woken=is_woken)
            except Exception:
                # The database may be away; the next round tries again.
                logger.exception("Delivery of facts stopped; it will be tried again.")
            finally:
                connections.close_all()
                self._is_busy = False

    def _work(self, *, is_woken: bool) -> None:
        if facts_settings().DELIVERY != "celery":
            deliver_all()
            self._timetable.run_due(until=lambda: self.is_ending)
        else:
            is_told = self._workers_are_told() if is_woken or self._is_standing_in else True
            if self.serves and (not is_told or self._workers_are_late()):
                # Nobody can sign in without his code, so this process stands in for the workers.
                deliver_all(within=facts_settings().SWEEP_EVERY.total_seconds())

    def _workers_are_late(self) -> bool:
        """Say, once in a sweep, whether rows wait that a worker who is there would have told.

        A broker that takes messages does not mean that anybody reads them.
        """
        every = facts_settings().SWEEP_EVERY
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + every.total_seconds()
        return Delivery.objects.pending().filter(due_at__lte=_later(-LATE * every)).exists()

    def _workers_are_told(self) -> bool:
        """Publish one wake-up for all commits so far; a failed broker is left alone a while."""
        if time.monotonic() < self._broker_is_away_until:
            return False
        wake_worker = import_string("shopkit.core.broker.wake_worker")
        self._is_standing_in = not wake_worker()
        if self._is_standing_in:
            self._broker_is_away_until = time.monotonic() + BROKER_PAUSE
        else:
            time.sleep(BETWEEN_WAKE_UPS)
        return not self._is_standing_in


_relay = _Relay()


def _wake() -> None:
    delivery = facts_settings().DELIVERY
    if delivery in {"thread", "celery"} or (delivery == "auto" and _relay.serves):
        _relay.wake()
    elif delivery in {"auto", "sync"}:
        deliver_due()


def connect() -> None:
    """Begin to watch for requests; called once by the app's ``ready``."""
    request_started.connect(_relay.start, dispatch_uid="shopkit.core.facts")
    atexit.register(_relay.finish)
