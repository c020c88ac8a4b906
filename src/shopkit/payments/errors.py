"""Refusals of payments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Refusal


class AlreadyPaid(Refusal):
    """Nothing is owed for this order any more."""

    code = "already_paid"
    message = _("This order is already paid.")


class OrderCancelled(Refusal):
    """A cancelled order takes no payment."""

    code = "order_cancelled"
    message = _("This order was cancelled.")


class AmountMismatch(Refusal):
    """details: {"due", "given", "currency"}: only the exact amount pays an order."""

    code = "amount_mismatch"
    message = _("This is not the amount that is due.")


class StartRefused(Refusal):
    """The gateway certainly did not begin the attempt; asking again the same way will not help."""

    code = "payment_refused"
    message = _("This payment method did not accept the order. Choose another one.")


class RefundTooLarge(Refusal):
    """details: {"refundable", "given", "currency"}: more than came in and is not going back."""

    code = "refund_too_large"
    message = _("This is more than can be given back.")


class Unsupported(Refusal):
    """The gateway cannot do this by a program; somebody must do it by hand there."""

    code = "unsupported"
    message = _("This payment method cannot do that by itself.")


class CallbackRefused(Exception):
    """A call that the gateway did not send, or that makes no sense; nothing is kept of it.

    answer -- what is sent back, an ``Answer``; None for 403 without a word
    """

    def __init__(self, answer: Any = None) -> None:
        super().__init__("refused")
        self.answer = answer


class UnknownProvider(Exception):
    """The site has no gateway of this code."""


class NotRefundable(Refusal):
    """No money of this is left to give back, or it is on its way already."""

    code = "not_refundable"
    message = _("There is nothing to give back.")
