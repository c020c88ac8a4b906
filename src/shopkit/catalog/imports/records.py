"""What a file says of one product, whatever its format; only members that the file has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True)
class PictureRecord:
    """A picture that a file names.

    url -- where it is to be had
    sku -- of the variant that it shows; "" for all of them
    position -- its place in the file's own count
    """

    line: int
    url: str
    alt: str = ""
    sku: str = ""
    position: int = 0


@dataclass
class ProductRecord:
    """One product of a file, known by its slug.

    fields -- of ``ProductData``: name, slug, description, is_active, translations
    attributes -- as of a variant
    metadata -- {name: value} to be laid over what there is; None takes the entry away
    categories -- paths of names, the primary one first; None when the file does not say
    is_complete -- the file says all categories, and all public metadata among ``fields``; else
        it adds to what there is
    errors -- {line: reason}; a product with any is left as it was
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
    notes: list[tuple[int, str]] = field(default_factory=list)
    pictures: list[PictureRecord] = field(default_factory=list)
    rows: int = 0
