"""Settings of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class CatalogSettings:
    """``SHOPKIT["CATALOG"]``: what is sold.

    AVAILABILITY -- dotted path of a ``shopkit.catalog.availability.Availability`` subclass that
        says how many units there are; "shopkit.inventory.availability.StockAvailability" where
        the inventory app is installed. By default everything is always available.
    MAX_VARIANTS -- most variants one product may have
    SEARCH -- {"BACKEND": dotted path of a ``shopkit.catalog.search.base.SearchBackend`` subclass,
        "OPTIONS": its keyword arguments}; "shopkit.catalog.search.postgres.PostgresSearch" forgives
        errors in typing
    CACHE -- alias, in Django's CACHES, of the cache that remembers answers of the catalogue; None:
        nothing is remembered. All processes must share it.
    CACHE_SECONDS -- how long an answer lives whose renewal got lost, from 1 to 60; every change
        that is not lost makes it old at once
    """

    AVAILABILITY: str = "shopkit.catalog.availability.UnlimitedAvailability"
    MAX_VARIANTS: int = 250
    SEARCH: Mapping[str, Any] = field(
        default_factory=lambda: {"BACKEND": "shopkit.catalog.search.database.DatabaseSearch"}
    )
    CACHE: str | None = None
    CACHE_SECONDS: int = 60

    def __post_init__(self) -> None:
        if not 1 <= self.CACHE_SECONDS <= 60:
            raise ValueError("CACHE_SECONDS must be from 1 to 60.")


catalog_settings = Section("CATALOG", CatalogSettings)
