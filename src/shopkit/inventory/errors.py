"""Refusals of the stock."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Refusal


class OutOfStock(Refusal):
    """details: {"items": [{"variant_id": pk, "available": units}, ...]}, every short one."""

    code = "out_of_stock"
    message = _("Some items are no longer available in this quantity.")


class BelowReserved(Refusal):
    """details: {"variant_id": pk, "on_hand": units, "reserved": units} as they stand."""

    code = "below_reserved"
    message = _("Orders already hold more units than that.")


class StaleStock(Refusal):
    """details: {"on_hand": units} as they stand; somebody changed them meanwhile.

    Of several variants counted at once, also {"variant_id": pk}.
    """

    code = "stale_stock"
    message = _("The stock has changed meanwhile. Look again.")


class InStock(Refusal):
    """details: {"variant_id": pk, "available": units}."""

    code = "in_stock"
    message = _("This can be had now.")


class TooManyWishes(Refusal):
    """details: {"most": number of wishes that one user may have}."""

    code = "too_many_wishes"
    message = _("You are waiting for too many things already. Drop one of them first.")
