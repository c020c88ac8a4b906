"""Refusals of orders."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import RateLimited, Refusal


class EmptyCart(Refusal):
    """There is nothing to order. details: {"lost": whether there was a cart that is gone}."""

    code = "empty_cart"
    message = _("The cart is empty.")


class Unavailable(Refusal):
    """details: {"items": [{"variant_id": pk, "available": 0}, ...]}, no longer sold at all."""

    code = "unavailable"
    message = _("Some items are no longer sold.")


class TotalChanged(Refusal):
    """details: {"currency", "totals": {...}, "expected_total"}: what it would cost now."""

    code = "total_changed"
    message = _("The total has changed. Look at it again before ordering.")


class TotalTooLarge(Refusal):
    """More money than one order can be about."""

    code = "total_too_large"
    message = _("This order is too large. Split it into several.")


class CartAlreadyOrdered(Refusal):
    """This state of the cart became an order a moment ago."""

    code = "cart_already_ordered"
    message = _("This cart has just been ordered.")


class TooManyOpenOrders(RateLimited):
    """Unpaid orders hold stock for others to want; there is a limit to that."""

    code = "too_many_open_orders"
    message = _("Too many orders are waiting for payment. Pay or cancel one first.")


class IllegalMove(Refusal):
    """details: {"order_status": as it is, "allowed": [statuses it can become]}."""

    code = "illegal_move"
    message = _("The order cannot go there from where it is.")


class NotCancellable(IllegalMove):
    """details: as IllegalMove."""

    code = "not_cancellable"
    message = _("This order can no longer be cancelled.")


class AlreadyClaimed(Refusal):
    """The guest's order belongs to somebody by now."""

    code = "already_claimed"
    message = _("This order already belongs to an account.")
