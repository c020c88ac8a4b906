"""System checks of the stock."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.catalog.availability import UnlimitedAvailability, availability


@register("shopkit")
def check_availability(**_: Any) -> list[CheckMessage]:
    """W001: stock is kept, but the catalogue does not ask for it."""
    try:
        is_asked = not isinstance(availability(), UnlimitedAvailability)
    except ImproperlyConfigured:
        return []  # shopkit.catalog.E001 says so
    if is_asked:
        return []
    return [
        Warning(
            "shopkit.inventory is installed, but the catalogue shows everything as available.",
            hint='Set SHOPKIT["CATALOG"]["AVAILABILITY"] = '
            '"shopkit.inventory.availability.StockAvailability".',
            id="shopkit.inventory.W001",
        )
    ]
