"""Attempts that end because their time or their order is over; the gateway is asked first."""

import logging
from typing import Any

from django.db import transaction

from shopkit.core.errors import BackendError
from shopkit.orders.models import Order
from shopkit.payments.errors import UnknownProvider
from shopkit.payments.models import Payment
from shopkit.payments.providers import backend_of

from .books import end
from .clock import has_passed
from .judging import TIMEOUT
from .receiving import follow_all
from .snapshots import snapshot_of

logger = logging.getLogger("shopkit.payments")


def close_order(order_id: int) -> None:
    """Call back the open attempts of a cancelled order. Subscriber of ``order_cancelled``.

    A gateway that can be asked lets nobody pay them any more; money that comes all the same is
    owed back. Raises BackendError when a gateway did not answer, so that it is tried again.
    """
    rows = Payment.objects.live().filter(order=order_id).select_related("order")
    for payment in rows.order_by("created_at"):
        if _call_back(payment):
            _end(payment.pk, status=Payment.Status.CANCELLED, reason="order_cancelled")


def expire_payments() -> int:
    """End the attempts whose time is over; return how many ended.

    A gateway that can be asked is asked to close them before: it may have taken the money.
    """
    ended = 0
    rows = Payment.objects.overdue().select_related("order").order_by("expires_at")
    for payment in rows.iterator():
        try:
            is_stopped = _call_back(payment)
        except (BackendError, UnknownProvider) as error:
            logger.warning("Payment %s cannot be called back: %s", payment.pk, type(error).__name__)
            continue
        if is_stopped:
            ended += _end(payment.pk, status=Payment.Status.EXPIRED, reason=TIMEOUT, is_due=True)
    return ended


def _call_back(payment: Payment) -> bool:
    """Ask the gateway to let nobody pay it any more; say whether it can be stopped there."""
    backend = backend_of(payment.provider)
    asked = snapshot_of(payment, order_number=payment.order.number)
    told = backend.close(asked)
    follow_all(payment.provider, backend, told)
    return all(event.kind != "note" for event in told)


@transaction.atomic
def _end(pk: Any, *, status: str, reason: str, is_due: bool = False) -> bool:
    order = Order.objects.locked(Payment.objects.values_list("order", flat=True).get(pk=pk))
    payment = Payment.objects.locked(pk)
    if not payment.is_live or (is_due and not has_passed(payment.expires_at)):
        return False
    end(payment, order, status=status, reason=reason)
    return True
