"""Reading, in one statement, what facets are counted from."""

from array import array
from collections.abc import Collection
from typing import Any

from django.db import connections

from shopkit.catalog.models.pages import DIALECTS
from shopkit.catalog.triggers import tables
from shopkit.core.json import read_json

from .index import Group

# Products by what they have in common: far fewer rows than one for each.
GROUPS = """
    SELECT 'product', price_min, rating_avg,
        CASE WHEN in_stock THEN 1 ELSE 0 END + CASE WHEN on_sale THEN 2 ELSE 0 END,
        CAST({rows}(id) AS text)
    FROM {product} WHERE is_active {of_id} GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'category', category_id, 0, 0, CAST({rows}(product_id) AS text)
    FROM {listing} WHERE true {of_product_id} GROUP BY 2
    UNION ALL
    SELECT 'value', value_id, attribute_id, 0, CAST({rows}(product_id) AS text)
    FROM {productattributevalue} WHERE attribute_id IN ({filterable}) {of_product_id} GROUP BY 2, 3
    UNION ALL
    SELECT 'value', own.value_id, own.attribute_id, 0, CAST({rows}(variant.product_id) AS text)
    FROM {variantattributevalue} own JOIN {variant} variant ON variant.id = own.variant_id
    WHERE variant.is_active AND own.attribute_id IN ({filterable}) {of_variant} GROUP BY 2, 3"""
FILTERABLE = "SELECT id FROM {attribute} WHERE is_filterable"
COLUMNS = {"of_id": "id", "of_product_id": "product_id", "of_variant": "variant.product_id"}


def read_groups(using: str, products: Collection[int] | None = None) -> list[Group]:
    """Return what all products have, or ``products`` (keys; PostgreSQL only)."""
    connection = connections[using]
    only = "" if products is None else "AND {} = ANY(%s::bigint[])"
    words = tables(using) | {
        "rows": DIALECTS[connection.vendor]["rows"],
        **{name: only.format(column) for name, column in COLUMNS.items()},
    }
    words["filterable"] = FILTERABLE.format(**words)
    params: Any = None if products is None else [list(products)] * 4
    with connection.cursor() as cursor:
        cursor.execute(GROUPS.format(**words), params)
        return [
            Group(kind, (first, second, third), array("q", read_json(keys)))
            for kind, first, second, third, keys in cursor.fetchall()
        ]
