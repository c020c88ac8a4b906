"""A gateway's message before the rules: which payment it is about, and whether it fits that."""

import uuid
from dataclasses import dataclass

from django.db.models import F, Q

from shopkit.orders.models import Order
from shopkit.payments.backends.base import Event, Outcome, PaymentBackend, RefusalCode
from shopkit.payments.models import GatewayEvent, Payment

from .books import review
from .ids import uuid_of
from .snapshots import snapshot_of


class TooEarly(Exception):
    """News of what became of money of which nobody has told us yet that it came.

    payment_id -- of the payment it is about
    """

    def __init__(self, payment_id: uuid.UUID) -> None:
        super().__init__(f"payment {payment_id} is not paid yet")
        self.payment_id = payment_id


@dataclass(frozen=True, kw_only=True)
class Case:
    """A message before the rules.

    row -- of the inbox; None for a question and for what we asked ourselves
    """

    event: Event
    provider: str
    backend: PaymentBackend
    row: GatewayEvent | None = None


def mismatch(payment: Payment, case: Case) -> RefusalCode:
    """Say what the event tells otherwise than the payment; "" when all it tells fits."""
    event, backend = case.event, case.backend
    if event.order_number and event.order_number != payment.order.number:
        return "wrong_reference"
    known = {payment.reference, payment.other_reference}
    if event.reference and payment.reference and event.reference not in known:
        return "wrong_reference"
    if None not in (event.is_live, backend.is_live) and event.is_live != backend.is_live:
        return "wrong_mode"
    if event.currency and event.currency != payment.currency:
        return "wrong_currency"
    if event.amount is not None and event.amount != payment.amount:
        return "wrong_amount"
    return ""


def unfollowed(refusal: RefusalCode, case: Case, *, payment: Payment | None = None) -> Outcome:
    """Do not follow the event; money that has been taken is put before a person.

    Not what names nothing of ours: other programs may use the same account.
    """
    event = case.event
    is_ours = payment or event.payment_id or event.order_number or event.refund_id
    if event.is_final and is_ours:
        review_of(refusal, case, payment=payment, amount=told(case.event))
    return outcome_of(payment, refusal=refusal) if payment else Outcome(refusal=refusal)


def found(case: Case) -> Payment | None:
    """Return the payment that the event names, not locked; None for none of this gateway's."""
    event = case.event
    rows = Payment.objects.filter(provider=case.provider).select_related("order")
    if event.serial:
        return rows.filter(serial=event.serial).first()
    if event.payment_id:
        key = uuid_of(event.payment_id)
        return rows.filter(pk=key).first() if key else None
    if event.kind == "open":  # of several tries of one payment that share a second name
        return rows.filter(reference=event.reference).exclude(reference="").first()
    references = [one for one in (event.reference, event.other_reference) if one]
    if not references:
        return None
    named = Q(reference__in=references) | Q(other_reference__in=references)
    return rows.filter(named).order_by(F("opened_at").desc(nulls_last=True)).first()


def locked(case: Case) -> Payment | None:
    """Return the payment with its order, both locked; remember which one the message is about."""
    named = found(case)
    if named is None:
        return None
    order = Order.objects.locked(named.order_id)
    payment = Payment.objects.locked(named.pk)
    payment.order = order
    if case.row is not None and case.row.payment_id is None:
        case.row.payment = payment
    return payment


def names_no_order(event: Event) -> bool:
    """Say whether the event names an order, and there is none of that number."""
    number = event.order_number
    return bool(number) and not Order.objects.filter(number=number).exists()


def learn(payment: Payment, event: Event) -> None:
    """Keep the gateway's names of the payment, each as it came first."""
    payment.reference = payment.reference or event.reference
    if event.other_reference and event.other_reference != payment.reference:
        payment.other_reference = payment.other_reference or event.other_reference
    payment.save(update_fields=["reference", "other_reference"])


def outcome_of(payment: Payment, *, refusal: RefusalCode = "", is_repeat: bool = False) -> Outcome:
    """Return what came of it, with the payment as it stands in memory."""
    seen = snapshot_of(payment, order_number=payment.order.number)
    return Outcome(payment=seen, refusal=refusal, is_repeat=is_repeat)


def review_of(code: str, case: Case, *, payment: Payment | None = None, **details: str) -> None:
    """Put the message before a person; details that are "" are left out."""
    known = {name: value for name, value in details.items() if value}
    review(code, provider=case.provider, payment=payment, event=case.row, **known)


def told(event: Event) -> str:
    """Return the event's amount for people."""
    if event.amount is None:
        return ""
    return f"{event.amount} {event.currency}".strip()
