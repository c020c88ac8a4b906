"""Money that goes back: never more than came, once, and never in silence.

A refund is committed before the gateway is asked, and its amount counts as gone from then on.
"""

import logging
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ExpressionWrapper, F, Q, fields
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.core.errors import BackendError
from shopkit.core.money import format_amount
from shopkit.orders.models import Order
from shopkit.payments.backends.base import Refunded, RefundRequest
from shopkit.payments.conf import payments_settings
from shopkit.payments.errors import NotRefundable, RefundTooLarge, Unsupported
from shopkit.payments.models import SETTLED, Payment, Refund
from shopkit.payments.providers import backend_of

from .books import NOTHING, give_back, review
from .snapshots import snapshot_of
from .tally import finish

logger = logging.getLogger("shopkit.payments")

STATUS = Refund.Status
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)


def refund_order(
    order_pk: int,
    *,
    amount: Decimal | None = None,
    reason: str = "",
    payment_id: uuid.UUID | None = None,
    actor: Any = None,
) -> Refund:
    """Give money of the order back, now.

    amount -- None for all that is left of the payment
    payment_id -- which of its payments; None where only one has money left

    Returns the refund as the gateway left it: succeeded, pending, or to be done by hand. Raises
    RefundTooLarge, NotRefundable when no payment has money left, ValidationError for a payment that
    is not the order's or has to be named. Announces ``payment_refunded``.
    """
    with transaction.atomic():
        order = Order.objects.locked(order_pk)
        payment = _chosen(order, payment_id)
        # What waited for its time is overtaken by who does it now.
        payment.refunds.filter(status=STATUS.QUEUED).update(
            status=STATUS.WITHDRAWN, finished_at=Now()
        )
        give_back(payment, order)
        left = payment.refundable
        if amount is not None and amount <= 0:
            wrong = ValidationError(_("The amount must be above zero."), code="min_value")
            raise ValidationError({"amount": wrong})
        if left <= 0 or (amount is not None and amount > left):
            raise RefundTooLarge(
                refundable=format_amount(left, order.currency),
                given=format_amount(left if amount is None else amount, order.currency),
                currency=order.currency,
            )
        refund = Refund.objects.create(
            payment=payment,
            amount=left if amount is None else amount,
            currency=payment.currency,
            reason=reason[:200],
            status=STATUS.PENDING,  # nobody else may take it for one that waits for its time
            actor=actor,
        )
        give_back(payment, order)
    send_refund(refund.pk)
    refund.refresh_from_db()
    return refund


def pay_back(order_id: int) -> None:
    """Plan the refunds of money that is not ours. Subscriber of ``money_owed``.

    They are sent after ``REFUND_AFTER``, so that a person can step in; by hand where no gateway
    has the money. Safe to run twice: what is planned already is not planned again.
    """
    pause = payments_settings().REFUND_AFTER
    with transaction.atomic():
        order = Order.objects.locked(order_id)
        payments = Payment.objects.select_for_update().filter(order=order, status__in=SETTLED)
        rows = list(payments.order_by("-paid_at", "-pk"))
        owed = order.refund_due - sum((one.refunding for one in rows), NOTHING)
        for payment in rows:
            amount = min(owed, payment.refundable)
            if amount <= 0:
                continue
            owed -= amount
            by_hand = pause is None or backend_of(payment.provider).kind == "offline"
            refund = Refund.objects.create(
                payment=payment,
                amount=amount,
                currency=payment.currency,
                reason="order_cancelled" if order.status == Order.Status.CANCELLED else "surplus",
                status=STATUS.BY_HAND if by_hand else STATUS.QUEUED,
            )
            if by_hand:
                _ask_somebody(refund, payment)
            else:
                Refund.objects.filter(pk=refund.pk).update(due_at=_later(pause or timedelta()))
            give_back(payment, order)


def send_refund(refund_id: uuid.UUID) -> None:
    """Have the gateway give a refund back, unless somebody else is at it or it has ended."""
    waits, unanswered = Q(status=STATUS.QUEUED), Q(status=STATUS.PENDING, due_at__lte=Now())
    claimed = Refund.objects.filter(waits | unanswered, pk=refund_id)
    row = claimed.first()
    if row is None:
        return
    pause = min(LEASE * 2**row.attempts, LONGEST_PAUSE)
    if not claimed.filter(attempts=row.attempts).update(
        status=STATUS.PENDING, attempts=F("attempts") + 1, due_at=_later(pause)
    ):
        return
    payment = Payment.objects.select_related("order").get(pk=row.payment_id)
    request = RefundRequest(
        refund_id=str(row.pk),
        payment=snapshot_of(payment, order_number=payment.order.number),
        amount=row.amount,
        currency=row.currency,
        reason=row.reason,
    )
    try:
        result = backend_of(payment.provider).refund(request)
    except Unsupported:
        _end(row.pk, status=STATUS.BY_HAND)
    except BackendError:
        # Not known whether it did. It stays on its way and is asked for again, with its own id.
        logger.warning("Refund %s is not answered yet.", row.pk)
    else:
        _end_as(row.pk, result)


def send_due_refunds() -> int:
    """Send what was planned and is due, and what was not answered; return how many were tried."""
    tried = 0
    for pk in Refund.objects.due().order_by("due_at").values_list("pk", flat=True).iterator():
        send_refund(pk)
        tried += 1
    return tried


def confirm_refund(refund_id: uuid.UUID, *, reference: str = "", actor: Any = None) -> Refund:
    """Write down that a person gave it back. Raises NotRefundable unless it waits for one."""
    return _settle_by_hand(refund_id, STATUS.SUCCEEDED, reference=reference, actor=actor)


def withdraw_refund(refund_id: uuid.UUID, *, actor: Any = None) -> Refund:
    """Do not give the money back after all. Raises NotRefundable once the gateway was asked."""
    return _settle_by_hand(refund_id, STATUS.WITHDRAWN, actor=actor)


def _settle_by_hand(
    refund_id: uuid.UUID, status: str, *, reference: str = "", actor: Any = None
) -> Refund:
    waiting = {STATUS.BY_HAND} if status == STATUS.SUCCEEDED else {STATUS.BY_HAND, STATUS.QUEUED}
    with transaction.atomic():
        refund, payment, order = _locked(refund_id)
        if refund.status not in waiting:
            raise NotRefundable
        Refund.objects.filter(pk=refund.pk).update(actor=actor)
        finish(refund, status=status, reference=reference)
        give_back(payment, order)
    return refund


def _end_as(refund_id: uuid.UUID, result: Refunded) -> None:
    status = {"succeeded": STATUS.SUCCEEDED, "pending": STATUS.PENDING, "failed": STATUS.FAILED}[
        result.status
    ]
    _end(refund_id, status=status, reference=result.reference, failure=result.reason)


@transaction.atomic
def _end(refund_id: uuid.UUID, *, status: str, reference: str = "", failure: str = "") -> None:
    refund, payment, order = _locked(refund_id)
    if refund.status not in (STATUS.QUEUED, STATUS.PENDING):
        return  # its news came first
    finish(refund, status=status, reference=reference, failure=failure)
    give_back(payment, order)
    if status == STATUS.BY_HAND:
        _ask_somebody(refund, payment)
    if status == STATUS.FAILED:
        review(
            "refund_failed", provider=payment.provider, payment=payment, refund=str(refund.pk),
            reason=failure,
        )  # fmt: skip


def _locked(refund_id: uuid.UUID) -> tuple[Refund, Payment, Order]:
    """Lock order, payment, refund, in this order."""
    found = Refund.objects.select_related("payment").get(pk=refund_id)
    order = Order.objects.locked(found.payment.order_id)
    payment = Payment.objects.locked(found.payment_id)
    return Refund.objects.select_for_update().get(pk=refund_id), payment, order


def _chosen(order: Order, payment_id: uuid.UUID | None) -> Payment:
    rows = Payment.objects.select_for_update().filter(order=order, status__in=SETTLED)
    if payment_id is not None:
        payment = rows.filter(pk=payment_id).first()
        if payment is None:
            wrong = ValidationError(_("This is no paid payment of the order."), code="not_found")
            raise ValidationError({"payment_id": wrong})
        return payment
    left = [one for one in rows.order_by("-paid_at") if one.captured > one.refunded]
    if not left:
        raise NotRefundable
    if len(left) > 1:
        wrong = ValidationError(_("Several payments have money left. Name one."), code="required")
        raise ValidationError({"payment_id": wrong})
    return left[0]


def _ask_somebody(refund: Refund, payment: Payment) -> None:
    review("refund_by_hand", provider=payment.provider, payment=payment, refund=str(refund.pk))


def _later(pause: timedelta) -> Any:
    return ExpressionWrapper(Now() + pause, output_field=fields.DateTimeField())
