"""Our own CSV of products, both ways: one line per variant, made to be edited and read back.

A product's own cells stand on its first line; the lines of its other variants repeat its slug.
Attributes have a column each, "attribute:code:type:unit:name" for products' and
"variant:code:type:unit:name" for variants'; code alone is enough for one that exists.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.models import (
    Attribute,
    Category,
    Product,
    ProductAttributeValue,
    Variant,
    VariantAttributeValue,
)
from shopkit.core.conf import core_settings
from shopkit.core.money import format_amount

from .cells import join_parts, join_paths, shield, split_parts, split_paths
from .reading import Row, Table, runs
from .records import Definition, Path, ProductRecord, VariantRecord
from .report import reasons

REQUIRED = ("slug", "sku", "price")
PRODUCT = ("slug", "name", "description", "is_active", "categories", "metadata", "translations")
VARIANT = (
    "sku", "variant_name", "price", "sale_price", "barcode", "position", "weight", "ikpu",
    "package_code", "vat_percent", "variant_is_active", "variant_metadata", "stock",
)  # fmt: skip
OF_PRODUCT, OF_VARIANT = "attribute", "variant"
TRUTH = {True: "true", False: "false"}
CHUNK = 200


class Writable(Protocol):
    """What can be written to."""

    def write(self, text: str, /) -> Any:
        """Take some text."""


@dataclass(frozen=True)
class _Column:
    """An attribute's column: what its header is, and whose values stand in it."""

    header: str
    owner: str
    definition: Definition

    @property
    def code(self) -> str:
        return self.definition.code


# Reading.


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
        self, table: Table, columns: Sequence[_Column], slug: str, rows: Sequence[Row]
    ) -> None:
        self.table = table
        self.columns = columns
        self.rows = rows
        self.record = ProductRecord(
            rows[0].line,
            slug,
            rows=len(rows),
            is_complete=True,
            source=[row.cells for row in rows],
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


def _attribute_columns(table: Table) -> list[_Column]:
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
            columns.append(_Column(header, owner, definition))
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


# Writing.


def export_products(out: Writable) -> int:
    """Write all products that are not off sale for ever; return how many. Never all at once.

    ``stock`` is what can still be promised, and empty where the shop does not count.
    """
    columns = _columns_in_use()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*PRODUCT, *VARIANT, *(column.header for column in columns)])
    paths = _paths()
    count, last = 0, 0
    while chunk := _chunk(last):
        last = chunk[-1].pk
        count += len(chunk)
        stock = _stock(chunk)
        for product in chunk:
            writer.writerows(_lines(product, columns, paths, stock))
    return count


def _chunk(after: int) -> list[Product]:
    """Return the next products by key: a long export must not hold one long transaction."""
    values = "attribute_values__value__attribute"
    rows = Product.objects.kept().filter(pk__gt=after).order_by("pk")
    return list(rows.prefetch_related("categories", values, f"variants__{values}")[:CHUNK])


def _columns_in_use() -> list[_Column]:
    """Return a column per attribute, and one more where it is used the other way round."""
    attributes = list(Attribute.objects.all())
    used = {
        OF_PRODUCT: set(ProductAttributeValue.objects.values_list("attribute", flat=True)),
        OF_VARIANT: set(VariantAttributeValue.objects.values_list("attribute", flat=True)),
    }
    kinds = {True: OF_VARIANT, False: OF_PRODUCT}
    columns = [_column(one, kinds[one.is_variant]) for one in attributes]
    columns += [
        _column(one, kinds[not one.is_variant])
        for one in attributes
        if one.pk in used[kinds[not one.is_variant]]
    ]
    return columns


def _column(attribute: Attribute, owner: str) -> _Column:
    parts = (owner, attribute.code, attribute.type, attribute.unit, attribute.name)
    return _Column(join_parts(parts), owner, Definition(attribute.code, attribute.name))


def _paths() -> dict[int, Path]:
    paths: dict[int, Path] = {}
    nodes = Category.objects.in_tree_order().values_list("pk", "parent_id", "name")
    for pk, parent, name in nodes:
        paths[pk] = (*paths.get(parent, ()), name)
    return paths


def _stock(products: Iterable[Product]) -> dict[int, int | None]:
    keys = [variant.pk for product in products for variant in product.variants.all()]
    return dict(availability().available(keys))


def _lines(
    product: Product,
    columns: Sequence[_Column],
    paths: dict[int, Path],
    stock: dict[int, int | None],
) -> Iterator[list[Any]]:
    own = _product_cells(product, paths)
    values = _values(product)
    for variant in sorted(product.variants.all(), key=lambda one: (one.position, one.pk)):
        of_owner = {OF_PRODUCT: values, OF_VARIANT: _values(variant)}
        cells = [*own, *_variant_cells(variant, stock.get(variant.pk))]
        cells += [of_owner[column.owner].get(column.code, "") for column in columns]
        yield [shield(cell) for cell in cells]
        own = [product.slug, *[""] * (len(PRODUCT) - 1)]
        values = {}


def _product_cells(product: Product, paths: dict[int, Path]) -> list[str]:
    keys = {one.pk for one in product.categories.all()} - {product.category_id}
    ordered = [product.category_id] if product.category_id else []
    ordered += [pk for pk in paths if pk in keys]
    return [
        product.slug,
        product.name,
        product.description,
        TRUTH[product.is_active],
        join_paths(paths[pk] for pk in ordered),
        _dump(product.metadata),
        _dump(product.translations),
    ]


def _variant_cells(variant: Variant, stock: int | None) -> list[str]:
    currency = core_settings().CURRENCY
    sale = variant.sale_price
    return [
        variant.sku,
        variant.name,
        format_amount(variant.price, currency),
        "" if sale is None else format_amount(sale, currency),
        variant.barcode,
        str(variant.position),
        str(variant.weight),
        variant.ikpu,
        variant.package_code,
        "" if variant.vat_percent is None else str(variant.vat_percent),
        TRUTH[variant.is_active],
        _dump(variant.metadata),
        "" if stock is None else str(stock),
    ]


def _values(owner: Product | Variant) -> dict[str, str]:
    return {one.value.attribute.code: one.value.value for one in owner.attribute_values.all()}


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
