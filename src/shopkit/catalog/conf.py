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
    CACHE -- alias, in Django's CACHES, of the cache that remembers answers of the catalogue; None:
        nothing is remembered. All processes must share it.
    CACHE_SECONDS -- how long an answer lives whose renewal got lost, from 1 to 60; every change
        that is not lost makes it old at once
    FACET_VALUES -- most values of one attribute that ``facets=1`` shows, from 1 to 500; the most
        frequent ones
    """

    AVAILABILITY: str = "shopkit.catalog.availability.UnlimitedAvailability"
    MAX_VARIANTS: int = 250
    CACHE: str | None = None
    CACHE_SECONDS: int = 60
    FACET_VALUES: int = 50

    def __post_init__(self) -> None:
        if not 1 <= self.CACHE_SECONDS <= 60:
            raise ValueError("CACHE_SECONDS must be from 1 to 60.")
        if not 1 <= self.FACET_VALUES <= 500:
            raise ValueError("FACET_VALUES must be from 1 to 500.")


catalog_settings = Section("CATALOG", CatalogSettings)
