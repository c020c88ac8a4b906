"""Settings of the catalogue."""

from dataclasses import dataclass

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class CatalogSettings:
    """``SHOPKIT["CATALOG"]``: what is sold.

    AVAILABILITY -- dotted path of a ``shopkit.catalog.availability.Availability`` subclass that
        says how many units there are; "shopkit.inventory.availability.StockAvailability" where
        the inventory app is installed. By default everything is always available.
    LIKED -- dotted path of ``(user, products: keys) -> keys of those that the user likes``, in one
        statement; "shopkit.reviews.services.liked_by" where the reviews app is installed. None:
        products do not say whether who is signed in likes them
    MAX_VARIANTS -- most variants one product may have
    RELATED -- most products shown beside another one
    CACHE -- alias, in Django's CACHES, of the cache that remembers answers of the catalogue; None:
        nothing is remembered. All processes must share it.
    CACHE_SECONDS -- how long an answer lives whose renewal got lost, from 1 to 60; every change
        that is not lost makes it old at once
    """

    AVAILABILITY: str = "shopkit.catalog.availability.UnlimitedAvailability"
    LIKED: str | None = None
    MAX_VARIANTS: int = 250
    RELATED: int = 12
    CACHE: str | None = None
    CACHE_SECONDS: int = 60

    def __post_init__(self) -> None:
        if not 1 <= self.CACHE_SECONDS <= 60:
            raise ValueError("CACHE_SECONDS must be from 1 to 60.")
        if not 1 <= self.RELATED <= 100:
            raise ValueError("RELATED must be from 1 to 100.")


catalog_settings = Section("CATALOG", CatalogSettings)
