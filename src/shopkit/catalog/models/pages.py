"""What a product's own page shows of other tables, as columns of the product's statement.

Each is a list of lists in JSON, which PostgreSQL and SQLite build alike but for the names of the
functions. Order is made in Python, where both sort the same.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections

from shopkit.core.json import read_json

# {rows} gathers, {array} makes one list, {json} says that a text is JSON already.
DIALECTS: Mapping[str, Mapping[str, str]] = {
    "postgresql": {"rows": "json_agg", "array": "json_build_array", "json": ""},
    "sqlite": {"rows": "json_group_array", "array": "json_array", "json": "json"},
}
CATEGORIES = """
    SELECT CAST({rows}({array}(
        c.tree_id, c.lft, c.id, c.slug, c.name, {json}(c.translations))) AS text)
    FROM {product_categories} t JOIN {category} c ON c.id = t.category_id
    WHERE t.product_id = product.id"""
IMAGES = """
    SELECT CAST({rows}({array}(
        i.position, i.id, i.variant_id, i.file, i.alt, {json}(i.translations),
        {json}(i.sizes))) AS text)
    FROM {image} i WHERE i.product_id = product.id"""
VALUES = """
    SELECT CAST({rows}({value}) AS text) FROM {productattributevalue} v {of_value}
    WHERE v.product_id = product.id"""
VARIANTS = """
    SELECT CAST({rows}({array}(
        s.position, s.id, s.sku, s.name, s.price, s.sale_price, s.barcode, s.weight,
        {json}(s.metadata), {json}((
            SELECT {rows}({value}) FROM {variantattributevalue} v {of_value}
            WHERE v.variant_id = s.id)))) AS text)
    FROM {variant} s WHERE s.product_id = product.id AND s.is_active"""
# Parts of the last two.
VALUE = """{array}(
    a.position, a.code, a.name, {json}(a.translations), a.type, a.unit, o.value,
    {json}(o.translations), o.colour, o.position, o.number, o.id)"""
OF_VALUE = """
    JOIN {attribute} a ON a.id = v.attribute_id JOIN {attributevalue} o ON o.id = v.value_id"""
BESIDE = {"categories": CATEGORIES, "images": IMAGES, "values": VALUES, "variants": VARIANTS}


class ShownCategory(NamedTuple):
    """A category of a product."""

    tree_id: int
    lft: int
    pk: int
    slug: str
    name: str
    translations: Mapping[str, Any]


class ShownImage(NamedTuple):
    """A picture of a product or of one of its variants; files are names in the storage."""

    position: int
    pk: int
    variant_id: int | None
    file: str
    alt: str
    translations: Mapping[str, Any]
    sizes: Mapping[str, str]


class ShownValue(NamedTuple):
    """One attribute with the value that a product or a variant has for it."""

    position: int
    code: str
    name: str
    translations: Mapping[str, Any]
    type: str
    unit: str
    value: str
    value_translations: Mapping[str, Any]
    colour: str
    value_position: int
    number: int | None
    value_pk: int

    @property
    def place(self) -> tuple[int, str]:
        """Where the attribute stands among others."""
        return self.position, self.code

    @property
    def value_place(self) -> tuple[int, int, int]:
        """Where the value stands among those of its attribute."""
        return self.value_position, self.number or 0, self.value_pk


class VariantRow(NamedTuple):
    """What a page shows of a variant's row."""

    position: int
    pk: int
    sku: str
    name: str
    price: Decimal
    sale_price: Decimal | None
    barcode: str
    weight: int
    metadata: Mapping[str, Any]


@cache
def beside(using: str) -> tuple[str, ...]:
    """Return the expressions of ``BESIDE`` in the dialect of ``using``."""
    connection = connections[using]
    models = apps.get_app_config("shopkit_catalog").get_models(include_auto_created=True)
    words: dict[str, str] = dict(DIALECTS[connection.vendor])
    for model in models:
        words[str(model._meta.model_name)] = connection.ops.quote_name(model._meta.db_table)
    words |= {"value": VALUE.format(**words), "of_value": OF_VALUE.format(**words)}
    return tuple(f"({one.format(**words)})" for one in BESIDE.values())


def read_rows(text: str | None) -> list[Any]:
    """Return the lists of one of these columns, sorted by what they begin with."""
    return sorted(read_json(text), key=_beginning) if text else []


def _beginning(row: Any) -> tuple[Any, Any]:
    return row[0], row[1]
