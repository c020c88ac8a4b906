"""Refunds that a gateway tells us about: ours, and those that somebody made over there."""

from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import Now

from shopkit.orders.models import Order
from shopkit.payments.backends.base import Event
from shopkit.payments.facts import payment_refunded
from shopkit.payments.models import UNFINISHED, Payment, Refund

from .books import NOTHING, give_back
from .ids import uuid_of

STATUS = Refund.Status
OUTSIDE = "made at the gateway"
UNSENT = (STATUS.QUEUED, STATUS.BY_HAND)


def note_total(payment: Payment, order: Order, *, total: Decimal) -> bool:
    """Write down that ``total`` of the payment has gone back in all; say whether that was news.

    What we have sent ourselves is part of it. The rest is taken to be what we waited for somebody
    to do by hand, then what nobody told us about.
    """
    sent = payment.refunds.filter(status=STATUS.PENDING)
    rest = total - payment.refunded - sum((one.amount for one in sent), NOTHING)
    if rest <= 0:
        return False
    for refund in payment.refunds.filter(status__in=UNSENT).order_by("created_at"):
        if refund.amount <= rest:
            rest -= refund.amount
            finish(refund, status=STATUS.SUCCEEDED)
    if rest > 0:
        _withdraw_unsent(payment)
        _outside(payment, amount=rest)
    give_back(payment, order)
    return True


def note_refund(payment: Payment, order: Order, event: Event) -> bool | None:
    """Write down what became of one refund; say whether that was news.

    Returns None, and changes nothing, when more would go back than came.
    """
    refund = _meant(payment, event)
    status = {"pending": STATUS.PENDING, "succeeded": STATUS.SUCCEEDED, "failed": STATUS.FAILED}
    told = status[event.refund_status]
    if refund is None:
        return _note_outside(payment, order, event, told=told)
    is_counted = refund.status in (*UNFINISHED, STATUS.SUCCEEDED)
    if event.amount not in (None, refund.amount):
        return None
    if told != STATUS.FAILED and not is_counted and refund.amount > payment.refundable:
        return None
    if told == refund.status or (told == STATUS.PENDING and is_counted):
        _learn(refund, event)
        return False
    _learn(refund, event)
    finish(refund, status=told, failure=event.reason)
    give_back(payment, order)
    return True


def all_back(payment: Payment, order: Order, *, reference: str) -> None:
    """Write down that the gateway gave back all that was left of the payment."""
    _withdraw_unsent(payment)
    sent = payment.refunds.filter(status=STATUS.PENDING)
    rest = payment.captured - payment.refunded - sum((one.amount for one in sent), NOTHING)
    if rest > 0:
        _outside(payment, amount=rest, reference=reference)
    give_back(payment, order)


def finish(refund: Refund, *, status: str, reference: str = "", failure: str = "") -> None:
    """Write down how a refund ended. Announces ``payment_refunded`` where money went back."""
    Refund.objects.filter(pk=refund.pk).update(
        status=status,
        reference=refund.reference or reference[:200],
        failure=failure[:200],
        finished_at=None if status in UNFINISHED else Now(),
    )
    refund.refresh_from_db()
    if status == STATUS.SUCCEEDED:
        payment_refunded.announce(refund_id=str(refund.pk))


def _meant(payment: Payment, event: Event) -> Refund | None:
    rows = payment.refunds.all()
    if event.refund_id and (key := uuid_of(event.refund_id)):
        found = rows.filter(pk=key).first()
        if found is not None:
            return found
    if event.refund_reference:
        found = rows.filter(reference=event.refund_reference).first()
        if found is not None:
            return found
    # The sum may have been told before the refunds that it is made of.
    unnamed = Q(reference="", reason=OUTSIDE, status=STATUS.SUCCEEDED)
    return rows.filter(unnamed, amount=event.amount).first() if event.amount else None


def _note_outside(payment: Payment, order: Order, event: Event, *, told: str) -> bool | None:
    if told == STATUS.FAILED:
        return False  # nothing of it was ever counted
    if event.amount is None or event.amount > payment.refundable:
        _withdraw_unsent(payment)
        give_back(payment, order)
    if event.amount is None or event.amount > payment.refundable:
        return None
    _outside(payment, amount=event.amount, reference=event.refund_reference, status=told)
    give_back(payment, order)
    return True


def _outside(
    payment: Payment, *, amount: Decimal, reference: str = "", status: str = STATUS.SUCCEEDED
) -> None:
    refund = Refund.objects.create(
        payment=payment,
        amount=amount,
        currency=payment.currency,
        reason=OUTSIDE,
        reference=reference[:200],
        status=STATUS.PENDING,
    )
    if status != STATUS.PENDING:
        finish(refund, status=status)


def _withdraw_unsent(payment: Payment) -> None:
    """What somebody did at the gateway leaves nothing for us to do there."""
    payment.refunds.filter(status__in=UNSENT).update(status=STATUS.WITHDRAWN, finished_at=Now())


def _learn(refund: Refund, event: Event) -> None:
    if event.refund_reference and not refund.reference:
        refund.reference = event.refund_reference[:200]
        refund.save(update_fields=["reference"])
