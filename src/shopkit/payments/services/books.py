"""What payments say about an order: the only place that writes an order's payment columns.

Locks are taken in one order everywhere: message of the gateway, order, payment, refund.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, Now

from shopkit.core.money import MoneyField
from shopkit.orders.models import Order
from shopkit.payments.facts import money_owed, payment_reviewed, payment_settled
from shopkit.payments.models import (
    LIVE,
    UNFINISHED,
    GatewayEvent,
    Payment,
    PaymentReview,
    Refund,
)

NOTHING = Decimal(0)


def take(payment: Payment, order: Order, *, amount: Decimal, actor: Any = None) -> None:
    """Write down that the money came. Both rows are locked; the payment is not settled yet.

    Money for an order that was cancelled, or that is paid already, is owed back from then on.
    Announces ``payment_settled``, and ``money_owed`` where some is.
    """
    Payment.objects.filter(pk=payment.pk).update(
        status=Payment.Status.PAID,
        captured=amount,
        paid_at=Now(),
        reference=payment.reference,
        other_reference=payment.other_reference,
        actor=actor,
    )
    payment.refresh_from_db()
    write_order(order)
    payment_settled.announce(payment_id=str(payment.pk))


def give_back(payment: Payment, order: Order) -> None:
    """Write down what has gone back, from the refunds of the payment. Both rows are locked."""
    sums = payment.refunds.aggregate(
        refunded=_sum("amount", Q(status=Refund.Status.SUCCEEDED)),
        refunding=_sum("amount", Q(status__in=UNFINISHED)),
    )
    status = Payment.Status.PARTIALLY_REFUNDED if sums["refunded"] else Payment.Status.PAID
    if sums["refunded"] and sums["refunded"] == payment.captured:
        status = Payment.Status.REFUNDED
    changes: dict[str, Any] = {"status": status, **sums}
    if status == Payment.Status.REFUNDED and payment.closed_at is None:
        changes["closed_at"] = Now()
    Payment.objects.filter(pk=payment.pk).update(**changes)
    payment.refresh_from_db()
    write_order(order)


def end(payment: Payment, order: Order, *, status: str, reason: str = "") -> None:
    """Close a live payment without money. Both rows are locked."""
    Payment.objects.filter(pk=payment.pk).update(
        status=status, reason=reason[:100], closed_at=Now()
    )
    payment.refresh_from_db()
    write_order(order)


def write_order(order: Order) -> None:
    """Derive the order's payment columns from its payments. The order's row is locked."""
    sums = Payment.objects.filter(order=order).aggregate(
        came=_sum("captured"), went=_sum("refunded"), live=Count("pk", filter=Q(status__in=LIVE))
    )
    held = sums["came"] - sums["went"]
    owed = owed_back(order, held=held)
    status = status_of(order, **sums)
    changes: dict[str, Any] = {"payment_status": status, "paid_total": held, "refund_due": owed}
    if status == Order.PaymentStatus.PAID:
        changes["expires_at"] = None
    Order.objects.filter(pk=order.pk).update(**changes)
    order.refresh_from_db()
    if owed:
        money_owed.announce(order_id=order.pk)


def owed_back(order: Order, *, held: Decimal) -> Decimal:
    """Return how much of what we hold is not ours: all of a cancelled order, else the surplus."""
    if order.status == Order.Status.CANCELLED:
        return held
    surplus: Decimal = held - order.total
    return max(NOTHING, surplus)


def status_of(order: Order, *, came: Decimal, went: Decimal, live: int) -> str:
    """Return the payment status that fits the sums of an order's payments."""
    statuses = Order.PaymentStatus
    held = came - went
    if went and (held < order.total or order.status == Order.Status.CANCELLED):
        return statuses.PARTIALLY_REFUNDED if held else statuses.REFUNDED
    if held >= order.total and (came or order.payment_status == statuses.PAID):
        return statuses.PAID
    return statuses.PENDING if live else statuses.UNPAID


def review(
    code: str,
    *,
    provider: str,
    payment: Payment | None = None,
    event: GatewayEvent | None = None,
    **details: Any,
) -> PaymentReview:
    """Put something before a person, once for each message of a gateway.

    Announces ``payment_reviewed``.
    """
    found = PaymentReview.objects.filter(code=code, event=event).first() if event else None
    if found is not None:
        return found
    opened = PaymentReview.objects.create(
        code=PaymentReview.Code(code),
        provider=provider,
        payment=payment,
        event=event,
        details=details,
    )
    payment_reviewed.announce(review_id=opened.pk)
    return opened


def _sum(column: str, condition: Q | None = None) -> Any:
    return Coalesce(Sum(column, filter=condition), NOTHING, output_field=MoneyField())
