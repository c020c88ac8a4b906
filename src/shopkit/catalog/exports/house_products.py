"""Our own CSV of products, as it is written; ``imports.house_products`` reads it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shopkit.catalog.availability import availability
from shopkit.catalog.imports.cells import join_parts, join_paths, shield
from shopkit.catalog.imports.house_products import (
    OF_PRODUCT,
    OF_VARIANT,
    PRODUCT,
    VARIANT,
    Column,
)
from shopkit.catalog.imports.records import Definition, Path
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

from .chunks import TRUTH, product_chunks


def product_rows(products: Any = None) -> Iterator[list[str]]:
    """Yield the header and the lines of all products that are not off sale for ever.

    ``stock`` is what can still be promised, and empty where the shop does not count.

    products -- a queryset, to write only these
    """
    columns = _columns_in_use()
    yield [shield(cell) for cell in (*PRODUCT, *VARIANT, *(column.header for column in columns))]
    paths = category_paths()
    values = "attribute_values__value__attribute"
    for chunk in product_chunks(products, "type", "categories", values, f"variants__{values}"):
        stock = units_left(chunk)
        for product in chunk:
            yield from _lines(product, columns, paths, stock)


def _columns_in_use() -> list[Column]:
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


def _column(attribute: Attribute, owner: str) -> Column:
    parts = (owner, attribute.code, attribute.type, attribute.unit, attribute.name)
    return Column(join_parts(parts), owner, Definition(attribute.code, attribute.name))


def category_paths() -> dict[int, Path]:
    """Return the names from the root down to each category, in the order of the tree."""
    paths: dict[int, Path] = {}
    nodes = Category.objects.in_tree_order().values_list("pk", "parent_id", "name")
    for pk, parent, name in nodes:
        paths[pk] = (*paths.get(parent, ()), name)
    return paths


def units_left(products: Iterable[Product]) -> dict[int, int | None]:
    """Return what can still be promised of all variants of ``products``, which are fetched."""
    keys = [variant.pk for product in products for variant in product.variants.all()]
    return dict(availability().available(keys))


def _lines(
    product: Product,
    columns: Sequence[Column],
    paths: dict[int, Path],
    stock: dict[int, int | None],
) -> Iterator[list[str]]:
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
        "" if product.type is None else product.type.code,
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
