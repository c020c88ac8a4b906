"""What Stripe's payment page shows."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shopkit.payments.backends.base import StartRequest

from .amounts import Amounts

#: Languages of the page. Others get "auto": what the browser asks for.
LOCALES = frozenset(
    """
    bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl
    pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW
    """.split()
)
LONGEST_TITLE = 250
MOST_LINES = 100


def locale_of(language: str) -> str:
    """Return the page's language for one of Django's: "en-GB" for "en-gb", "auto" for "uz"."""
    wanted = language.replace("_", "-").lower()
    known = {one.lower(): one for one in LOCALES}
    return known.get(wanted) or known.get(wanted.partition("-")[0]) or "auto"


def line_items(request: StartRequest, amounts: Amounts) -> list[dict[str, Any]]:
    """Return what the amount is made of; one line for the order where that is not exact."""
    order = _("Order %(number)s") % {"number": request.order_number}
    rows = [(line.title or order, line.unit_price, line.quantity) for line in request.lines]
    if request.shipping:
        rows.append((_("Delivery"), request.shipping, 1))
    total = sum((price * quantity for _title, price, quantity in rows), Decimal(0))
    # Stripe's page has no line below zero, so a discount cannot be one.
    if not request.discount and total == request.amount and len(rows) <= MOST_LINES:
        try:
            return [_item(row, request.currency, amounts) for row in rows]
        except ValueError:
            pass  # The whole may be exact where a part is not.
    return [_item((order, request.amount, 1), request.currency, amounts)]


def _item(row: tuple[str, Decimal, int], currency: str, amounts: Amounts) -> dict[str, Any]:
    title, price, quantity = row
    return {
        "quantity": quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": amounts.to_units(price, currency),
            "product_data": {"name": title[:LONGEST_TITLE]},
        },
    }
