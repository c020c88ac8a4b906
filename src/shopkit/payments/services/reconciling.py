"""Asking the gateways what became of attempts of which we have heard nothing for a while."""

import logging
import uuid
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from shopkit.core.errors import BackendError
from shopkit.payments.conf import payments_settings
from shopkit.payments.errors import UnknownProvider
from shopkit.payments.models import Payment

from .receiving import handle_all, look_up

logger = logging.getLogger("shopkit.payments")

UNHEARD = timedelta(minutes=2)


def recheck(payment_id: uuid.UUID) -> Payment:
    """Ask the gateway what became of a payment and let the books follow.

    Returns the payment as it stands afterwards. Raises BackendError when no answer came.
    """
    look_up(payment_id)
    Payment.objects.filter(pk=payment_id).update(checked_at=Now())
    return Payment.objects.get(pk=payment_id)


def reconcile() -> int:
    """Ask about live attempts older than ``RECONCILE_AFTER``; return how many were asked about.

    Messages that were stored and not judged are judged first. Safe to run twice at once: what the
    gateways answer is judged like their own calls.
    """
    handle_all(older_than=UNHEARD)
    before = Now() - payments_settings().RECONCILE_AFTER
    unheard = Q(checked_at=None, started_at__lte=before) | Q(checked_at__lte=before)
    rows = Payment.objects.live().filter(unheard).order_by("created_at")
    asked = 0
    for pk in rows.values_list("pk", flat=True).iterator():
        try:
            recheck(pk)
        except (BackendError, UnknownProvider) as error:
            logger.warning("Payment %s cannot be asked about: %s", pk, type(error).__name__)
            continue
        asked += 1
    return asked
