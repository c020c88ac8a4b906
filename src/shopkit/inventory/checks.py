"""System checks of the stock."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from shopkit.catalog.availability import UnlimitedAvailability, availability


@register("shopkit")
def check_availability(**_: Any) -> list[CheckMessage]:
    """W001: stock is kept, but the catalogue does not ask for it."""
    if not isinstance(availability(), UnlimitedAvailability):
        return []
    return [
        Warning(
            "shopkit.inventory is installed, but the catalogue shows everything as available.",
            hint='Set SHOPKIT["CATALOG"]["AVAILABILITY"] = '
            '"shopkit.inventory.availability.StockAvailability".',
            id="shopkit.inventory.W001",
        )
    ]
