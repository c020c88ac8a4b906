"""Product CSV files as Shopify exports them: one line per variant or further image."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from shopkit.catalog.models import Attribute
from shopkit.core.text import fold

from .cells import plain_text, split_path
from .reading import Row, runs
from .records import Definition, ProductRecord, VariantRecord
from .report import reasons
from .shopify_pictures import read_pictures

REQUIRED = ("Handle", "Title", "Variant Price")
OPTIONS = (1, 2, 3)
NO_OPTION = ("Title", "Default Title")
LONGEST_SKU = 64
LONGEST_SLUG = 120
LONGEST_TAGS = 500
LARGEST_STOCK = 2**31 - 1
# What tells a variant's row from an image's.
OF_VARIANT = ("variant sku", "variant barcode", *(f"option{number} value" for number in OPTIONS))
VENDOR = Definition("vendor", "Vendor", Attribute.Type.TEXT)


def read_shopify(rows: Iterable[Row]) -> Iterator[ProductRecord]:
    """Yield one record per run of rows with the same handle."""
    for handle, own, more in runs(rows, "handle"):
        record = _Reader(handle, own).read()
        record.refuse_length(more)
        yield record


def slug_of(handle: str) -> str:
    """Return the slug of ``handle``: itself where it can be one."""
    slug = slugify(fold(handle))[:LONGEST_SLUG].strip("-_")
    return f"n-{slug}" if slug.isdigit() else slug


def generated_sku(slug: str, values: Iterable[str]) -> str:
    """Return the SKU of a variant that has none: the same in every run, told apart by options."""
    sku = "-".join([slug, *map(_distinct, values)])
    if len(sku) <= LONGEST_SKU:
        return sku
    return f"{sku[: LONGEST_SKU - 9].rstrip('-')}-{_digest(sku, 8)}"


class _Reader:
    """Makes one record of the rows of one handle."""

    def __init__(self, handle: str, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.first = rows[0]
        slug = slug_of(handle)
        self.record = ProductRecord(
            self.first.line, slug, rows=len(rows), source=[row.source for row in rows]
        )
        if not slug:
            self.record.errors[self.first.line] = _("It has no handle to know the product by.")

    def read(self) -> ProductRecord:
        """Return the record, errors included."""
        self._try(self.first, self._read_product)
        for row in self.rows:
            self._try(row, self._read_row)
        self.record.images = read_pictures(self.rows, self.record.variants)
        return self.record

    def _try(self, row: Row, step: Any) -> None:
        try:
            step(row)
        except ValidationError as error:
            self.record.errors.setdefault(row.line, reasons(error))

    def _read_product(self, row: Row) -> None:
        record = self.record
        record.fields = {
            "name": row.text("title"),
            "slug": record.slug,
            "description": plain_text(row.text("body (html)")),
        }
        if vendor := row.text("vendor"):
            record.definitions = {VENDOR.code: VENDOR}
            record.attributes = {VENDOR.code: vendor}
        if path := split_path(row.text("type")):
            record.categories = [path]
        if len(row.text("tags")) > LONGEST_TAGS:
            raise ValidationError(_("Tags: at most %d characters.") % LONGEST_TAGS)
        record.metadata = {"tags": row.text("tags") or None}
        self._read_options(row)
        record.fields["is_active"] = self._is_active(row)

    def _is_active(self, row: Row) -> bool:
        is_draft = row.text("status").casefold() in {"draft", "archived"}
        return row.truth("published") and not is_draft

    def _read_options(self, row: Row) -> None:
        self.options: dict[int, Definition] = {}
        for number in OPTIONS:
            name = row.text(f"option{number} name")
            is_none = (name, row.text(f"option{number} value")) == NO_OPTION
            if name and not is_none:
                self.options[number] = _definition(name, position=number)
        self.record.definitions = {
            **self.record.definitions,
            **{one.code: one for one in self.options.values()},
        }

    def _read_row(self, row: Row) -> None:
        if row.is_wide:
            raise ValidationError(_("It has more cells than the header."))
        is_first = row is self.first
        if row.text("variant price"):
            self.record.variants.append(self._variant(row))
        elif is_first or any(row.text(name) for name in OF_VARIANT):
            raise ValidationError(_("Variant Price: it has no price."))

    def _variant(self, row: Row) -> VariantRecord:
        attributes = {
            one.code: row.text(f"option{number} value")
            for number, one in getattr(self, "options", {}).items()
        }
        sku = row.text("variant sku") or generated_sku(self.record.slug, attributes.values())
        fields = {
            "sku": sku,
            "barcode": row.text("variant barcode").lstrip("'"),
            "weight": _grams(row),
            "position": len(self.record.variants),
            **_prices(row),
        }
        return VariantRecord(row.line, fields, attributes, stock=self._stock(row))

    def _stock(self, row: Row) -> int | None:
        if not row.text("variant inventory qty"):
            return None
        units = row.whole("variant inventory qty")
        if units < 0:
            self.record.notes.append((row.line, _("Its stock is below zero; taken as none.")))
        return min(max(units, 0), LARGEST_STOCK)


def _prices(row: Row) -> dict[str, Decimal | None]:
    price, compared = row.amount("variant price"), row.amount("variant compare at price")
    if price is not None and compared is not None and compared > price:
        return {"price": compared, "sale_price": price}
    return {"price": price, "sale_price": None}


def _grams(row: Row) -> int:
    grams = row.amount("variant grams") or Decimal(0)
    return int(grams.to_integral_value(rounding=ROUND_HALF_UP))


def _definition(name: str, *, position: int) -> Definition:
    code = slugify(fold(name))[:50].strip("-_") or f"option-{_digest(name, 8)}"
    return Definition(code, name[:100], Attribute.Type.CHOICE, is_variant=True, position=position)


def _distinct(value: str) -> str:
    """Return ``value`` for a SKU; what its letters cannot carry is added as a digest."""
    plain = slugify(fold(value))
    is_faithful = plain == re.sub(r"\s+", "-", value.strip().casefold())
    return plain if is_faithful else "-".join(filter(None, [plain, _digest(value, 6)]))


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
