"""What is ordered, as the catalogue has it at this moment: everything an order line copies.

One statement written by hand: it has the columns of six tables, and writing it anew for every order
would take the ORM longer than PostgreSQL takes to answer it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections, router
from django.utils import timezone

from shopkit.catalog.models import (
    Attribute,
    AttributeValue,
    Image,
    Product,
    Variant,
    VariantAttributeValue,
)

# The condition is that of VariantQuerySet.on_sale.
STATEMENT = """
    SELECT variant.id, variant.product_id, variant.sku, product.name, variant.name, variant.price,
        variant.sale_price, image.file, variant.ikpu, variant.package_code, variant.vat_percent,
        attribute.code, value.value, {now}
    FROM {Variant} variant
    JOIN {Product} product ON product.id = variant.product_id
    LEFT JOIN {Image} image ON image.id = product.primary_image_id
    LEFT JOIN {VariantAttributeValue} own ON own.variant_id = variant.id
    LEFT JOIN {Attribute} attribute ON attribute.id = own.attribute_id
    LEFT JOIN {AttributeValue} value ON value.id = own.value_id
    WHERE variant.id IN ({keys})
        AND variant.is_active AND product.is_active AND product.deleted_at IS NULL
    ORDER BY variant.id, attribute.position, attribute.code
"""
TABLES = {
    model.__name__: model._meta.db_table
    for model in (Attribute, AttributeValue, Image, Product, Variant, VariantAttributeValue)
}


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant that is on sale.

    name -- of product and variant in one line
    image -- name of the product's picture in its storage, "" without one
    attributes -- {code: value}
    """

    pk: int
    product: int
    sku: str
    name: str
    unit_price: Decimal
    image: str
    ikpu: str
    package_code: str
    vat_percent: int | None
    attributes: dict[str, str] = field(default_factory=dict)


def read_goods(variants: Collection[int]) -> tuple[dict[int, Goods], datetime]:
    """Return those of ``variants`` (keys) that are on sale, and the database's time of reading."""
    connection = connections[router.db_for_write(Variant)]
    # SQLite runs in this process: its clock is ours.
    clock = "statement_timestamp()" if connection.vendor == "postgresql" else "NULL"
    keys = ", ".join(["%s"] * len(variants))
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(now=clock, keys=keys, **TABLES), list(variants))
        rows = cursor.fetchall()
    found: dict[int, Goods] = {}
    for row in rows:
        *columns, code, value, _now = row
        goods = found.get(row[0]) or found.setdefault(row[0], _goods(columns))
        if code is not None:
            goods.attributes[code] = value
    return found, (rows[0][-1] if rows else None) or timezone.now()


def _goods(columns: Sequence[Any]) -> Goods:
    pk, product, sku, product_name, name, price, sale_price, image, *fiscal = columns
    return Goods(
        pk,
        product,
        sku,
        f"{product_name}, {name}" if name else product_name,
        Decimal(price if sale_price is None else sale_price).scaleb(-4),
        image or "",
        *fiscal,
    )
