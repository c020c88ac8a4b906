"""Refusals of payments."""

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
