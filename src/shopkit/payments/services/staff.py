"""Money that staff saw come in."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from shopkit.core.money import format_amount
from shopkit.orders.models import Order
from shopkit.payments.errors import AmountMismatch
from shopkit.payments.models import Payment
from shopkit.payments.providers import providers

from .books import take
from .starting import refuse_settled

OFFLINE = "offline"


@transaction.atomic
def mark_paid(
    order_pk: int, *, amount: Decimal | None = None, reference: str = "", actor: Any = None
) -> Order:
    """Write down that staff received the order's money.

    It settles the live attempt of an offline provider, or is written down as one of its own.

    amount -- what came; None for exactly what is due
    reference -- of the receipt or the bank

    Returns the order as it stands afterwards. Raises AlreadyPaid, OrderCancelled, AmountMismatch;
    nothing has changed then. Announces ``payment_settled``.
    """
    order = Order.objects.locked(order_pk)
    refuse_settled(order)
    due = order.total - order.paid_total
    if amount is not None and amount != due:
        raise AmountMismatch(
            due=format_amount(due, order.currency),
            given=format_amount(amount, order.currency),
            currency=order.currency,
        )
    if due == 0:  # an order of nothing needs no payment
        Order.objects.filter(pk=order.pk).update(
            payment_status=Order.PaymentStatus.PAID, expires_at=None
        )
        order.refresh_from_db()
        return order
    by_hand = [code for code, one in providers().items() if one.kind == "offline"]
    live = Payment.objects.live().filter(order=order, provider__in=by_hand)
    payment = live.select_for_update().order_by("created_at").first()
    if payment is None or payment.amount != due:
        provider = OFFLINE if OFFLINE in by_hand else next(iter(by_hand), OFFLINE)
        if payment is not None:
            provider = payment.provider
            Payment.objects.filter(pk=payment.pk).update(amount=due)
            payment.amount = due
        else:
            payment = Payment.objects.create(
                order=order, provider=provider, amount=due, currency=order.currency
            )
    payment.reference = reference
    take(payment, order, amount=due, actor=actor)
    return order
