"""Settings of the catalogue."""

from dataclasses import dataclass

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class CatalogSettings:
    """``SHOPKIT["CATALOG"]``: what is sold.

    AVAILABILITY -- dotted path of a ``shopkit.catalog.availability.Availability`` subclass that
        says how many units there are; "shopkit.inventory.availability.StockAvailability" where
        the inventory app is installed. By default everything is always available.
    MAX_VARIANTS -- most variants one product may have
    """

    AVAILABILITY: str = "shopkit.catalog.availability.UnlimitedAvailability"
    MAX_VARIANTS: int = 250


catalog_settings = Section("CATALOG", CatalogSettings)
