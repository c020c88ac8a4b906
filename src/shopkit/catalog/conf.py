"""Settings of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

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
    IMPORT_FORMATS -- {name: dotted path of a function}: further kinds of files with products. The
        function takes the path of a file and yields a
        ``shopkit.catalog.imports.records.ProductRecord`` for each product
    IMPORT_LARGEST -- most bytes of a file that is uploaded in the admin
    KEEP_IMPORTS -- how long the record of an import is kept after its end
    """

    AVAILABILITY: str = "shopkit.catalog.availability.UnlimitedAvailability"
    MAX_VARIANTS: int = 250
    CACHE: str | None = None
    CACHE_SECONDS: int = 60
    IMPORT_FORMATS: Mapping[str, str] = field(default_factory=dict)
    IMPORT_LARGEST: int = 50 * 1024 * 1024
    KEEP_IMPORTS: timedelta = timedelta(days=30)

    def __post_init__(self) -> None:
        if not 1 <= self.CACHE_SECONDS <= 60:
            raise ValueError("CACHE_SECONDS must be from 1 to 60.")
        if self.IMPORT_LARGEST < 1:
            raise ValueError("IMPORT_LARGEST must be at least 1 byte.")
        if self.KEEP_IMPORTS < timedelta(days=1):
            raise ValueError("KEEP_IMPORTS must be at least a day.")


catalog_settings = Section("CATALOG", CatalogSettings)
