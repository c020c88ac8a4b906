"""The inbox: what a gateway says is stored before it is answered, and judged once it is stored."""

import hashlib
import logging
import uuid
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from shopkit.core.transactions import whole_transaction
from shopkit.payments.backends.base import READS, Answer, Callback, Event, Outcome, PaymentBackend
from shopkit.payments.errors import CallbackRefused
from shopkit.payments.facts import event_received
from shopkit.payments.models import GatewayEvent, Payment
from shopkit.payments.providers import backend_of

from .cases import Case, TooEarly
from .judging import judge
from .snapshots import snapshot_of

logger = logging.getLogger("shopkit.payments")

UNKEPT = {"data", "request", "event_id", "kind", "name"}
FORBIDDEN = Answer(status=403)


def receive(provider: str, callback: Callback) -> Answer:
    """Take a call of the gateway ``provider`` and return what it is to be answered.

    A call that is not the gateway's is refused before anything is looked up or kept. Whatever goes
    wrong on our side is logged and answered so that the gateway comes again.

    Raises UnknownProvider when the site has no such gateway. Announces ``event_received``, and what
    the rules announce.
    """
    backend = backend_of(provider)
    try:
        event = backend.read_callback(callback)
        outcome = _follow(provider, backend, event)
        return backend.answer_callback(event, outcome)
    except CallbackRefused as refused:
        logger.warning("A call to the webhook of %s was refused.", provider)
        return refused.answer or FORBIDDEN
    except Exception:
        logger.exception("A call of %s could not be followed.", provider)
        return backend.refuse_callback(callback)


def follow_all(provider: str, backend: PaymentBackend, events: Any) -> None:
    """Judge what the gateway answered when we asked; each in a transaction of its own."""
    for event in events:
        _judge_now(provider, backend, event)


def handle(event_id: int) -> None:
    """Judge a stored message, once. Subscriber of ``event_received``.

    It is marked in the transaction of its effect, so it has either both or neither. News of a
    refund that overtook the news of the money makes us ask the gateway for both.

    Raises TooEarly when the gateway does not know of the money either; the message waits then.
    """
    try:
        _handle(event_id)
    except TooEarly as early:
        look_up(early.payment_id)
        _handle(event_id)


def look_up(payment_id: uuid.UUID) -> None:
    """Ask the gateway what became of a payment, and judge what it says.

    Raises BackendError when no answer came.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    backend = backend_of(payment.provider)
    asked = snapshot_of(payment, order_number=payment.order.number)
    follow_all(payment.provider, backend, backend.look_up(asked))


@whole_transaction
def _handle(event_id: int) -> None:
    row = GatewayEvent.objects.select_for_update().get(pk=event_id)
    if row.handled_at is not None:
        return
    case = Case(
        event=_event_of(row), provider=row.provider, backend=backend_of(row.provider), row=row
    )
    _mark(row, judge(case))


def handle_all(*, older_than: Any = None) -> int:
    """Judge every message that still waits; return how many were tried."""
    waiting = GatewayEvent.objects.filter(handled_at=None)
    if older_than is not None:
        waiting = waiting.filter(received_at__lte=Now() - older_than)
    tried = 0
    for pk in waiting.order_by("pk").values_list("pk", flat=True).iterator():
        tried += 1
        try:
            handle(pk)
        except Exception:
            logger.exception("Message %s of a gateway could not be judged.", pk)
    return tried


def _follow(provider: str, backend: PaymentBackend, event: Event) -> Outcome:
    if event.kind in READS:
        with transaction.atomic():
            return judge(Case(event=event, provider=provider, backend=backend))
    if backend.answers_late:
        with transaction.atomic():
            row, is_new = _store(provider, event)
            if is_new or row.handled_at is None:
                event_received.announce(event_id=row.pk)
        return Outcome()
    return _judge_now(provider, backend, event)


def _judge_now(provider: str, backend: PaymentBackend, event: Event) -> Outcome:
    """Store and judge in one transaction; whoever lost a race to write begins anew and sees it."""
    try:
        return _store_and_judge(provider, backend, event)
    except IntegrityError:
        return _store_and_judge(provider, backend, event)


@whole_transaction
def _store_and_judge(provider: str, backend: PaymentBackend, event: Event) -> Outcome:
    row, _is_new = _store(provider, event)
    outcome = judge(Case(event=event, provider=provider, backend=backend, row=row))
    _mark(row, outcome)
    return outcome


def _store(provider: str, event: Event) -> tuple[GatewayEvent, bool]:
    key = event.event_id
    if len(key) > 200:
        key = hashlib.sha256(key.encode()).hexdigest()
    row, is_new = GatewayEvent.objects.get_or_create(
        provider=provider,
        event_id=key,
        defaults={
            "name": event.name[:100],
            "kind": event.kind,
            "facts": _facts_of(event),
            "data": dict(event.data),
        },
    )
    if not is_new:
        row = GatewayEvent.objects.select_for_update().get(pk=row.pk)
        GatewayEvent.objects.filter(pk=row.pk).update(deliveries=F("deliveries") + 1)
    return row, is_new


def _mark(row: GatewayEvent, outcome: Outcome) -> None:
    """Note the first outcome; a repeated message changes no history."""
    if row.handled_at is None:
        GatewayEvent.objects.filter(pk=row.pk).update(
            handled_at=Now(), refusal=outcome.refusal, payment=row.payment
        )


def _facts_of(event: Event) -> dict[str, Any]:
    facts = {name: value for name, value in asdict(event).items() if name not in UNKEPT}
    facts["amount"] = None if event.amount is None else str(event.amount)
    return facts


def _event_of(row: GatewayEvent) -> Event:
    known = {one.name for one in fields(Event)}
    facts = {name: value for name, value in row.facts.items() if name in known}
    if facts.get("amount") is not None:
        facts["amount"] = Decimal(facts["amount"])
    return Event(
        event_id=row.event_id,
        kind=row.kind,  # type: ignore[arg-type]  # written from an Event
        name=row.name,
        data=row.data,
        **facts,
    )
