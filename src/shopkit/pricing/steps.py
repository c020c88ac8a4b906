"""Pricing steps that ship with the kit."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from .calculator import Adjustment, Draft
from .conf import pricing_settings


def flat_shipping(draft: Draft) -> Iterator[Adjustment]:
    """Charge SHIPPING_FEE once, unless the goods after discounts reach SHIPPING_FREE_FROM.

    Put it after the steps that give discounts. A fee of zero adds nothing.
    """
    settings = pricing_settings()
    goods = draft.totals.subtotal - draft.totals.discount
    is_free = settings.SHIPPING_FREE_FROM is not None and goods >= settings.SHIPPING_FREE_FROM
    if settings.SHIPPING_FEE and not is_free:
        yield Adjustment("shipping", "flat", _("Delivery"), Decimal(settings.SHIPPING_FEE))
