"""Beginning to pay: an attempt is committed, then the gateway is asked, and no lock is held."""

import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shopkit.orders.models import Order
from shopkit.orders.services import hold_until
from shopkit.payments.backends.base import PaymentBackend, Started, StartRequest
from shopkit.payments.errors import AlreadyPaid, OrderCancelled, StartRefused
from shopkit.payments.models import Payment
from shopkit.payments.providers import provider_of

from .books import end, write_order
from .clock import after, has_passed
from .judging import OPEN, TIMEOUT
from .snapshots import lines_of


def start_payment(
    order_pk: int, *, provider: str, return_url: str = "", cancel_url: str = ""
) -> tuple[Payment, bool]:
    """Begin to pay the order through ``provider``, or return the attempt that is still live.

    The attempt is committed before the gateway is called, and no lock is held meanwhile. One of
    which it is not known whether the gateway began it is asked for again, with the same id. The
    order's stock stays held for at least the provider's window.

    Returns the attempt, with ``client_secret`` beside its columns, and whether it is new. Raises
    AlreadyPaid, OrderCancelled, ValidationError for an unknown provider or one that does not take
    the currency, StartRefused, BackendError when the gateway is away.
    """
    backend = provider_of(provider)
    payment, is_new = _attempt(order_pk, provider=provider, backend=backend)
    secret = ""
    # A secret for the customer's own page is not kept: the gateway gives it again.
    if payment.started_at is None or backend.kind == "client":
        secret = _begin(payment, backend, return_url=return_url, cancel_url=cancel_url)
    payment.client_secret = secret
    return payment, is_new


def _begin(payment: Payment, backend: PaymentBackend, *, return_url: str, cancel_url: str) -> str:
    order = payment.order
    is_whole = payment.amount == order.total
    request = StartRequest(
        payment_id=str(payment.pk),
        order_number=order.number,
        amount=payment.amount,
        currency=payment.currency,
        return_url=return_url,
        cancel_url=cancel_url,
        expires_at=payment.expires_at,
        language=get_language() or "",
        lines=lines_of(order) if is_whole else (),
        shipping=order.shipping if is_whole else Decimal(0),
        discount=order.discount if is_whole else Decimal(0),
    )
    try:
        started = backend.start(request)
    except StartRefused:
        _give_up(payment.pk)
        raise
    except ValueError as error:
        _give_up(payment.pk)
        raise ValidationError(str(error), code="payment_refused") from error
    _write(payment, started)
    return started.client_secret


def _write(payment: Payment, started: Started) -> None:
    """Keep what the gateway answered; news of it may have come and been judged meanwhile."""
    rows = Payment.objects.filter(pk=payment.pk)
    rows.filter(started_at=None).update(started_at=Now(), redirect_url=started.redirect_url)
    if started.reference:
        rows.filter(reference="").update(reference=started.reference)
    order = payment.order
    payment.refresh_from_db()
    payment.order = order


@transaction.atomic
def _give_up(pk: uuid.UUID) -> None:
    order = Order.objects.locked(Payment.objects.values_list("order", flat=True).get(pk=pk))
    payment = Payment.objects.locked(pk)
    if payment.is_live:
        end(payment, order, status=Payment.Status.FAILED, reason="refused")


def _attempt(order_pk: int, *, provider: str, backend: PaymentBackend) -> tuple[Payment, bool]:
    with transaction.atomic():
        order = Order.objects.locked(order_pk)
        refuse_settled(order)
        if backend.currencies and order.currency not in backend.currencies:
            text = _("This payment method does not take %(currency)s.") % {
                "currency": order.currency
            }
            raise ValidationError({"provider": ValidationError(text, code="wrong_currency")})
        live = Payment.objects.live().filter(order=order, provider=provider).first()
        if live is not None and has_passed(live.expires_at):
            end(live, order, status=Payment.Status.EXPIRED, reason=TIMEOUT)
            live = None
        if live is not None:
            live.order = order
            return live, False
        payment = Payment.objects.create(
            order=order,
            provider=provider,
            amount=order.total - order.paid_total,
            currency=order.currency,
            expires_at=None if backend.window is None else after(backend.window),
        )
        payment.refresh_from_db()
        if payment.expires_at is not None:
            hold_until(order.pk, moment=payment.expires_at)
            order.refresh_from_db()
        write_order(order)
        payment.order = order
    return payment, True


def refuse_settled(order: Order) -> None:
    """Raise OrderCancelled or AlreadyPaid for an order that takes no money."""
    if order.status in (Order.Status.CANCELLED, Order.Status.RETURNED):
        raise OrderCancelled
    if order.payment_status not in OPEN:
        raise AlreadyPaid
