"""Our own CSV of products, as it is read: one line per variant, made to be edited.

A product's own cells stand on its first line; the lines of its other variants repeat its slug.
Attributes have a column each, "attribute:code:type:unit:name" for products' and
"variant:code:type:unit:name" for variants'; code alone is enough for one that exists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.models import Attribute

from .cells import split_parts, split_paths
from .reading import Row, Table, runs
from .records import Definition, ProductRecord, VariantRecord
from .report import reasons

REQUIRED = ("slug", "sku", "price")
PRODUCT = (
    "slug", "name", "description", "is_active", "type", "categories", "metadata", "translations",
)  # fmt: skip
VARIANT = (
    "sku", "variant_name", "price", "sale_price", "barcode", "position", "weight", "ikpu",
    "package_code", "vat_percent", "variant_is_active", "variant_metadata", "stock",
)  # fmt: skip
OF_PRODUCT, OF_VARIANT = "attribute", "variant"


@dataclass(frozen=True)
class Column:
    """An attribute's column: what its header is, and whose values stand in it."""

    header: str
    owner: str
    definition: Definition

    @property
    def code(self) -> str:
        """Which attribute it is."""
        return self.definition.code


def read_own(table: Table) -> Iterator[ProductRecord]:
    """Yield one record per run of rows with the same slug."""
    columns = _attribute_columns(table)
    definitions: dict[str, Definition] = {}
    for column in columns:
        definitions.setdefault(column.code, column.definition)
    for slug, rows, more in runs(table.rows(), "slug"):
        record = _Reader(table, columns, slug, rows).read()
        record.definitions = definitions
        record.refuse_length(more)
        yield record


class _Reader:
    def __init__(
        self, table: Table, columns: Sequence[Column], slug: str, rows: Sequence[Row]
    ) -> None:
        self.table = table
        self.columns = columns
        self.rows = rows
        self.record = ProductRecord(
            rows[0].line,
            slug,
            rows=len(rows),
            is_complete=True,
            source=[row.source for row in rows],
        )

    def read(self) -> ProductRecord:
        if not self.record.slug:
            self.record.errors[self.record.line] = _("It has no slug to know the product by.")
        steps: list[tuple[Row, Any]] = [(self.rows[0], self._read_product)]
        steps += [(row, self._read_variant) for row in self.rows]
        for row, step in steps:
            try:
                step(row)
            except ValidationError as error:
                self.record.errors.setdefault(row.line, reasons(error))
        return self.record

    def _read_product(self, row: Row) -> None:
        record = self.record
        readers = {
            "name": _text,
            "description": _text,
            "is_active": lambda row, column: row.truth(column),
            "type": lambda row, column: row.text(column) or None,
            "metadata": _json,
            "translations": _json,
        }
        record.fields = {"slug": record.slug, **self._given(row, readers)}
        record.attributes = self._attributes(row, OF_PRODUCT)
        if "categories" in self.table.columns:
            record.categories = split_paths(_text(row, "categories"))

    def _read_variant(self, row: Row) -> None:
        if row.is_wide:
            raise ValidationError(_("It has more cells than the header."))
        sku, price = _text(row, "sku").strip(), row.amount("price")
        if not sku or price is None:
            raise ValidationError(_("It needs both a SKU and a price."))
        readers = {
            "variant_name": _text,
            "sale_price": lambda row, column: row.amount(column),
            "barcode": _text,
            "position": lambda row, column: row.whole(column),
            "weight": lambda row, column: row.whole(column),
            "ikpu": _text,
            "package_code": _text,
            "vat_percent": lambda row, column: row.whole(column) if row.text(column) else None,
            "variant_is_active": lambda row, column: row.truth(column),
            "variant_metadata": _json,
        }
        given = self._given(row, readers)
        fields = {name.removeprefix("variant_"): value for name, value in given.items()}
        fields |= {"sku": sku, "price": price}
        stock = row.whole("stock") if row.text("stock") else None
        if stock is not None and not 0 <= stock < 2**31:
            raise ValidationError(_("stock: it must not be below zero."))
        attributes = self._attributes(row, OF_VARIANT)
        self.record.variants.append(VariantRecord(row.line, fields, attributes, stock))

    def _given(self, row: Row, readers: dict[str, Any]) -> dict[str, Any]:
        present = [name for name in readers if name in self.table.columns]
        return {name: readers[name](row, name) for name in present}

    def _attributes(self, row: Row, owner: str) -> dict[str, str]:
        return {
            column.code: _text(row, column.header.lower()).strip()
            for column in self.columns
            if column.owner == owner
        }


def _attribute_columns(table: Table) -> list[Column]:
    columns = []
    for position, header in enumerate(table.header):
        parts = split_parts(header)
        if len(parts) > 1 and parts[0] in {OF_PRODUCT, OF_VARIANT}:
            owner, code, kind, unit, name = (*parts, "", "", "")[:5]
            of_variants = owner == OF_VARIANT
            definition = Definition(
                code=code,
                name=name or code.replace("-", " ").capitalize(),
                type=kind or (Attribute.Type.CHOICE if of_variants else Attribute.Type.TEXT),
                unit=unit,
                is_variant=of_variants,
                position=position,
            )
            columns.append(Column(header, owner, definition))
    return columns


def _text(row: Row, column: str) -> str:
    return row.cells.get(column, "")


def _json(row: Row, column: str) -> dict[str, Any]:
    text = row.text(column)
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValidationError(_("%s: it is not a JSON object.") % column)
    return found
