"""Settings of the catalogue."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkit.core.conf import Section

SIZE_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
MOST_SIZES = 10
LARGEST_SIDE = 4096


def _usual_sizes() -> dict[str, int]:
    return {"thumb": 160, "card": 480, "page": 1200}


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
    SEARCH -- {"BACKEND": dotted path of a ``shopkit.catalog.search.base.SearchBackend`` subclass,
        "OPTIONS": its keyword arguments}; "shopkit.catalog.search.postgres.PostgresSearch" forgives
        errors in typing
    CACHE -- alias, in Django's CACHES, of the cache that remembers answers of the catalogue; None:
        nothing is remembered. All processes must share it.
    CACHE_SECONDS -- how long an answer lives whose renewal got lost, from 1 to 60; every change
        that is not lost makes it old at once
    IMAGE_SIZES -- {name: longest side in pixels} of the smaller pictures that are made of every
        one; after a change, run ``shopkit_make_image_sizes``
    IMAGE_SIDE -- longest side, in pixels, that is kept of an upload
    MAX_IMAGES -- most pictures one product may have
    PRIVATE_IMAGE_HOSTS -- "host" or "host:port" that an import may fetch pictures from although
        they are in your own network; all others must be on the open internet
    FACET_VALUES -- most values of one attribute that ``facets=1`` shows, from 1 to 500; the most
        frequent ones
    IMPORT_FORMATS -- {name: dotted path of a function}: further kinds of files with products. The
        function takes the path of a file and yields a
        ``shopkit.catalog.imports.records.ProductRecord`` for each product
    IMPORT_LARGEST -- most bytes of a file that is uploaded in the admin
    KEEP_IMPORTS -- how long the record of an import is kept after its end
    """

    AVAILABILITY: str = "shopkit.catalog.availability.UnlimitedAvailability"
    LIKED: str | None = None
    MAX_VARIANTS: int = 250
    RELATED: int = 12
    SEARCH: Mapping[str, Any] = field(
        default_factory=lambda: {"BACKEND": "shopkit.catalog.search.database.DatabaseSearch"}
    )
    CACHE: str | None = None
    CACHE_SECONDS: int = 60
    IMAGE_SIZES: Mapping[str, int] = field(default_factory=_usual_sizes)
    IMAGE_SIDE: int = 2048
    MAX_IMAGES: int = 50
    PRIVATE_IMAGE_HOSTS: tuple[str, ...] = ()
    FACET_VALUES: int = 50
    IMPORT_FORMATS: Mapping[str, str] = field(default_factory=dict)
    IMPORT_LARGEST: int = 50 * 1024 * 1024
    KEEP_IMPORTS: timedelta = timedelta(days=30)

    def __post_init__(self) -> None:
        if not 1 <= self.CACHE_SECONDS <= 60:
            raise ValueError("CACHE_SECONDS must be from 1 to 60.")
        if not 1 <= self.RELATED <= 100:
            raise ValueError("RELATED must be from 1 to 100.")
        if not 1 <= self.FACET_VALUES <= 500:
            raise ValueError("FACET_VALUES must be from 1 to 500.")
        self._check_images()
        self._check_imports()

    def _check_images(self) -> None:
        if len(self.IMAGE_SIZES) > MOST_SIZES or not all(map(_is_size, self.IMAGE_SIZES.items())):
            raise ValueError(
                f"IMAGE_SIZES must be at most {MOST_SIZES} names of lower-case letters, digits "
                f"and underscores, with pixels from 16 to {LARGEST_SIDE}."
            )
        if not 16 <= self.IMAGE_SIDE <= LARGEST_SIDE:
            raise ValueError(f"IMAGE_SIDE must be from 16 to {LARGEST_SIDE} pixels.")
        if not 1 <= self.MAX_IMAGES <= 1000:
            raise ValueError("MAX_IMAGES must be from 1 to 1000.")

    def _check_imports(self) -> None:
        if self.IMPORT_LARGEST < 1:
            raise ValueError("IMPORT_LARGEST must be at least 1 byte.")
        if self.KEEP_IMPORTS < timedelta(days=1):
            raise ValueError("KEEP_IMPORTS must be at least a day.")


def _is_size(pair: tuple[object, object]) -> bool:
    name, side = pair
    is_named = isinstance(name, str) and SIZE_NAME.fullmatch(name) is not None
    return is_named and type(side) is int and 16 <= side <= LARGEST_SIDE


catalog_settings = Section("CATALOG", CatalogSettings)
