"""What lies in carts, as the catalogue has it now.

Every look at a cart and every change of one asks the same of three tables. The ORM writes that
statement once and it is kept, because writing it takes longer than PostgreSQL takes to answer it;
only the condition is new each time.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import connections, models, router
from django.db.models import Value

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Image, Product, Variant

# How the ORM names the columns of each table, seen from the variant.
TABLES: Mapping[str, type[models.Model]] = {
    "": Variant,
    "product__": Product,
    "product__primary_image__": Image,
}


@dataclass(frozen=True)
class Goods:
    """A variant with its product and the product's picture.

    available -- units that can be promised; None for without limit
    """

    variant: Variant
    available: int | None

    @property
    def is_sold(self) -> bool:
        """The rule of VariantQuerySet.on_sale, for a row that is loaded already."""
        product = self.variant.product
        return self.variant.is_active and product.is_active and product.deleted_at is None


def goods_of(variants: Collection[int]) -> dict[int, Goods]:
    """Return those of the variants that exist, sold or not, by key; one statement."""
    return read_goods("id", variants)


def read_goods(column: str, keys: Collection[int]) -> dict[int, Goods]:
    """Return goods by key; one statement, two where units are asked for apart.

    column -- of the variant: "id" or "product_id"
    """
    if not keys:
        return {}
    provider = availability()
    units = provider.expression()
    rows = list(_rows(units, column, list(keys)))
    variants = {one.pk: one for one, _units in rows}
    left = dict(zip(variants, (count for _one, count in rows), strict=True))
    if units is None:
        left = dict(provider.available(sorted(variants))) if variants else {}
    return {pk: Goods(one, left.get(pk, 0)) for pk, one in variants.items()}


def _rows(units: Any, column: str, keys: Sequence[int]) -> Iterator[tuple[Variant, Any]]:
    """Yield variants, all that hangs on them loaded, and what ``units`` is for each."""
    using = router.db_for_read(Variant)
    connection = connections[using]
    sql, given, converters = _statement(using, units)
    places = ", ".join(["%s"] * len(keys))
    table, name = map(connection.ops.quote_name, (Variant._meta.db_table, column))
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE {table}.{name} IN ({places})", [*given, *keys])
        found = cursor.fetchall()
    for row in found:
        values = list(row)
        for index, steps, expression in converters:
            for step in steps:
                values[index] = step(values[index], expression, connection)
        yield _variant(using, values), values[-1]


@lru_cache(maxsize=16)
def _statement(using: str, units: Any) -> tuple[str, Sequence[Any], Sequence[Any]]:
    """Return the statement up to its condition, its values, and the converters by column.

    units -- expression of a variant, or None; equal ones are one to the cache
    """
    none = Value(None, output_field=models.IntegerField())
    paths = [f"{link}{field.attname}" for link, model in TABLES.items() for field in _fields(model)]
    rows = Variant.objects.order_by().annotate(units_left=none if units is None else units)
    compiler = rows.values_list(*paths, "units_left").query.get_compiler(using=using)
    sql, given = compiler.as_sql()
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    return sql, given, [(index, *rest) for index, rest in converters.items()]


@cache
def _fields(model: type[models.Model]) -> Sequence[Any]:
    return model._meta.concrete_fields


def _variant(using: str, values: Sequence[Any]) -> Variant:
    made: list[Any] = []
    first = 0
    for model in TABLES.values():
        names = [field.attname for field in _fields(model)]
        own = values[first : first + len(names)]
        made.append(None if own[0] is None else model.from_db(using, names, own))
        first += len(names)
    variant, product, image = made
    variant.product, product.primary_image = product, image
    return variant  # type: ignore[no-any-return]
