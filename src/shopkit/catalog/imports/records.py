"""What a file says of one product, whatever its format; only members that the file has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shopkit.catalog.models import Attribute

Path = tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """An attribute that a file uses, to be made where it does not exist."""

    code: str
    name: str
    type: str = Attribute.Type.TEXT
    unit: str = ""
    is_variant: bool = False
    position: int = 0


@dataclass(frozen=True)
class ImageRecord:
    """One picture that a file names.

    url -- where the file says it is
    position -- among the product's pictures, from 1; 0 when the file does not say
    sku -- of the variant it shows; "" when it shows the product
    """

    line: int
    url: str
    position: int = 0
    alt: str = ""
    sku: str = ""


@dataclass
class VariantRecord:
    """One variant of a file.

    fields -- of ``VariantData``, ready to be stored, ``sku`` among them
    attributes -- {code: value}; "" takes the value away; others stay
    stock -- units, or None when the file does not say
    """

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    stock: int | None = None

    @property
    def sku(self) -> str:
        """Which variant it is."""
        return str(self.fields["sku"])


@dataclass
class ProductRecord:
    """One product of a file, known by its slug.

    fields -- of ``ProductData``: name, slug, description, is_active, type (a code; None takes it
        away), translations
    attributes -- as of a variant
    metadata -- {name: value} to be laid over what there is; None takes the entry away
    categories -- paths of names, the primary one first; None when the file does not say
    is_complete -- the file says all categories, and all public metadata among ``fields``; else
        it adds to what there is
    images -- in the order of the file
    errors -- {line: reason}; a product with any is left as it was
    rows -- how many rows of the file it is made of
    source -- those rows, to be shown again when it fails; empty where a file has none
    """

    line: int
    slug: str
    fields: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    categories: list[Path] | None = None
    is_complete: bool = False
    variants: list[VariantRecord] = field(default_factory=list)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    images: list[ImageRecord] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 1
    source: Sequence[Mapping[str, str]] = ()

    @property
    def subject(self) -> str:
        """What the shop knows it by."""
        return self.slug

    def refuse_length(self, more: int) -> None:
        """Take note of rows that were not read because they are too many for one product."""
        self.rows += more
        if more:
            message = _("One product has too many rows; have they lost their names?")
            self.errors.setdefault(self.line, message)
