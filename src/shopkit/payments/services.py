"""Money for orders: attempts to pay, and money that staff saw come in.

Only this module writes an order's payment columns, always under the order's row lock, which is
taken before the payment's.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from shopkit.core.money import format_amount
from shopkit.orders.models import Order
from shopkit.orders.services import hold_until

from .backends.base import PaymentBackend, StartRequest
from .errors import AlreadyPaid, AmountMismatch, OrderCancelled
from .facts import payment_settled
from .models import Payment
from .providers import provider_of

OPEN = {Order.PaymentStatus.UNPAID, Order.PaymentStatus.PENDING}
OFFLINE = "offline"


def start_payment(
    order_pk: int, *, provider: str, return_url: str = "", cancel_url: str = ""
) -> tuple[Payment, bool]:
    """Begin to pay the order through ``provider``, or return the attempt that is still live.

    The attempt is committed before the gateway is called, and no lock is held meanwhile. The
    order's stock stays held for at least the provider's window.

    Returns the attempt and whether it is new. Raises AlreadyPaid, OrderCancelled,
    ValidationError for an unknown provider, BackendError when the gateway is away.
    """
    backend = provider_of(provider)
    payment, is_new = _attempt(order_pk, provider=provider, backend=backend)
    if not is_new:
        return payment, False
    started = backend.start(
        StartRequest(
            payment_id=str(payment.pk),
            order_number=payment.order.number,
            amount=payment.amount,
            currency=payment.currency,
            return_url=return_url,
            cancel_url=cancel_url,
        )
    )
    payment.reference, payment.redirect_url = started.reference, started.redirect_url
    payment.save(update_fields=["reference", "redirect_url"])
    return payment, True


def mark_paid(
    order_pk: int, *, amount: Decimal | None = None, reference: str = "", actor: Any = None
) -> Order:
    """Write down that staff received the order's money.

    amount -- what came; None for exactly what is due
    reference -- of the receipt or the bank

    Returns the order as it stands afterwards. Raises AlreadyPaid, OrderCancelled, AmountMismatch;
    nothing has changed then. Announces ``payment_settled``.
    """
    with transaction.atomic():
        order = Order.objects.locked(order_pk)
        _refuse_settled(order)
        due = order.total - order.paid_total
        if amount is not None and amount != due:
            raise AmountMismatch(
                due=format_amount(due, order.currency),
                given=format_amount(amount, order.currency),
                currency=order.currency,
            )
        payment = _received(order, due, reference=reference, actor=actor)
        Order.objects.filter(pk=order.pk).update(
            payment_status=Order.PaymentStatus.PAID,
            paid_total=order.paid_total + due,
            expires_at=None,
        )
        if payment is not None:
            payment_settled.announce(payment_id=str(payment.pk))
        order.refresh_from_db()
    return order


def _attempt(order_pk: int, *, provider: str, backend: PaymentBackend) -> tuple[Payment, bool]:
    with transaction.atomic():
        order = Order.objects.locked(order_pk)
        _refuse_settled(order)
        live = Payment.objects.live().filter(order=order, provider=provider).first()
        if live is not None:
            return live, False
        payment = Payment.objects.create(
            order=order,
            provider=provider,
            amount=order.total - order.paid_total,
            currency=order.currency,
            expires_at=None if backend.window is None else Now() + backend.window,
        )
        payment.refresh_from_db()
        if payment.expires_at is not None:
            hold_until(order.pk, moment=payment.expires_at)
        Order.objects.filter(pk=order.pk).update(payment_status=Order.PaymentStatus.PENDING)
    return payment, True


def _refuse_settled(order: Order) -> None:
    if order.status == Order.Status.CANCELLED:
        raise OrderCancelled
    if order.payment_status not in OPEN:
        raise AlreadyPaid


def _received(order: Order, due: Decimal, *, reference: str, actor: Any) -> Payment | None:
    """Settle the live offline attempt, or write one down; an order of nothing needs none."""
    if due == 0:
        return None
    payment = Payment.objects.live().filter(order=order, provider=OFFLINE).first()
    payment = payment or Payment(order=order, provider=OFFLINE, currency=order.currency)
    payment.amount = payment.captured = due
    payment.status = Payment.Status.PAID
    payment.reference = reference
    payment.actor = actor
    payment.save()
    Payment.objects.filter(pk=payment.pk).update(paid_at=Now())
    return payment
