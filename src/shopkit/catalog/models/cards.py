"""Products as lists and pages show them: tuples, read in one statement.

Writing a query of two dozen columns and converting each of them costs the ORM more time than
the database needs to answer. So the ORM writes the part that varies, which rows and in which
order, and the part that never varies stands around it as text:

    WITH page (pk, place) AS (what the queryset says) SELECT ... FROM page JOIN ... ORDER BY ...

What a page skips (OFFSET) costs an entry of an index each and touches no row.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import JSONField
from django.db.models.query import BaseIterable

from shopkit.core.json import read_json
from shopkit.core.money import MoneyField, from_stored

from .pages import BESIDE, beside

PAGE = "/*page*/"
Convert = Callable[[Sequence[Any]], Sequence[Any]]


class Card(NamedTuple):
    """What a list shows of a product; the names are paths as the ORM writes them.

    The columns of the orderings are among them, for keyset paging.
    """

    pk: int
    slug: str
    name: str
    translations: Mapping[str, Any]
    category_id: int | None
    category__slug: str
    category__name: str
    category__translations: Mapping[str, Any]
    price: Decimal
    sale_price: Decimal | None
    price_min: Decimal
    price_max: Decimal
    in_stock: bool
    rating_avg: int
    rating_count: int
    likes_count: int
    popularity: int
    sole_variant_id: int | None
    primary_image_id: int | None
    primary_image__file: str
    primary_image__alt: str
    primary_image__translations: Mapping[str, Any]
    primary_image__sizes: Mapping[str, str]
    created_at: datetime

    @property
    def listed_price(self) -> Decimal:
        """The price that a category's listing is ordered by; the same, in another table."""
        return self.price_min


# What its own page shows of a product; the last columns are JSON of other tables' rows.
DETAIL_COLUMNS = (
    *Card._fields, "description", "metadata", "type__code", "type__name", "type__translations",
)  # fmt: skip
Detail: Any = namedtuple("Detail", (*DETAIL_COLUMNS, *BESIDE))  # type: ignore[misc]
# A card of a search, with the number that keyset paging continues from.
RELEVANCE = "relevance"
Found: Any = namedtuple("Found", (*Card._fields, RELEVANCE))  # type: ignore[misc]


class CardRows(BaseIterable):  # type: ignore[type-arg]  # generic in the stubs only
    """Makes a queryset of products yield cards."""

    shape: Any = Card
    columns: tuple[str, ...] = Card._fields

    def __iter__(self) -> Iterator[Any]:
        rows = self.queryset
        ordering = _plain_ordering(rows)
        if ordering is None:
            return self.by_keys(rows)
        try:
            sql, params = _picking(rows, ordering)
        except EmptyResultSet:
            return iter(())
        statement = _statement(rows.db, self.columns, self.more(rows.db), tuple(ordering.items()))
        with connections[rows.db].cursor() as cursor:
            cursor.execute(statement.replace(PAGE, sql), params)
            found = cursor.fetchall()
        return map(self.shape._make, map(_converter(rows.db, self.columns), found))

    def by_keys(self, rows: Any) -> Iterator[Any]:
        """Yield the same of rows that are more than what filters leave, in one statement more."""
        keys = list(rows.values_list("pk", flat=True))
        plain = rows.model._default_manager.using(rows.db).filter(pk__in=keys).order_by()
        plain._iterable_class = type(self)
        found = {one.pk: one for one in plain}
        return (found[key] for key in keys if key in found)

    def more(self, _using: str) -> tuple[str, ...]:
        """Return expressions to select besides the columns."""
        return ()


class FoundRows(CardRows):
    """Makes a queryset of products, best answers first, yield cards that say how good they are."""

    shape = Found

    def __iter__(self) -> Iterator[Any]:
        ordering = _plain_ordering(self.queryset)
        if ordering is not None and next(iter(ordering), "") != RELEVANCE:
            return iter(CardRows(self.queryset))  # somebody has put them into another order since
        return super().__iter__()

    def by_keys(self, rows: Any) -> Iterator[Any]:
        """Yield the same, each with the number that the first statement gave it."""
        numbers = dict(rows.values_list("pk", RELEVANCE))
        plain = rows.model._default_manager.using(rows.db).filter(pk__in=numbers).order_by()
        plain._iterable_class = CardRows
        found = {one.pk: one for one in plain}
        return (
            self.shape._make((*found[key], number))
            for key, number in numbers.items()
            if key in found
        )

    def more(self, _using: str) -> tuple[str, ...]:
        """Return the first thing that the rows are ordered by."""
        return ("page.place0",)


class DetailRows(CardRows):
    """Makes a queryset of products yield what their own pages show."""

    shape = Detail
    columns = DETAIL_COLUMNS

    def more(self, using: str) -> tuple[str, ...]:
        """Return what stands in other tables."""
        return beside(using)


def _picking(rows: Any, ordering: Mapping[str, str]) -> tuple[str, Any]:
    """Return the statement that picks keys and places. Raises EmptyResultSet for no rows.

    Order and bounds are added here: what they are is known, and the ORM would work it out anew.
    """
    query = rows.query.chain()
    bounds = query.low_mark, query.high_mark
    query.clear_limits()
    query.clear_ordering(force=True)
    names = list(dict.fromkeys(("pk", *ordering)))
    query.set_values(names)
    sql, params = query.get_compiler(using=rows.db).as_sql()
    if ordering:
        order = (f"{names.index(name) + 1}{sign}" for name, sign in ordering.items())
        sql += f" ORDER BY {', '.join(order)}"
    if bounds != (0, None):
        sql += " " + connections[rows.db].ops.limit_offset_sql(*bounds)
    return sql, params


def _plain_ordering(rows: Any) -> Mapping[str, str] | None:
    """Return {column: "" or " DESC"}, up to the key, which decides the rest.

    None for an order that is made of more than columns or turned round, and for rows that are more
    than what filters leave of the table.
    """
    query = rows.query
    is_more = query.distinct or query.combinator or query.group_by or query.extra_order_by
    if is_more or not query.standard_ordering:
        return None
    default = rows.model._meta.ordering if query.default_ordering else ()
    columns: dict[str, str] = {}
    for one in query.order_by or default:
        name = one.lstrip("-") if isinstance(one, str) else ""
        if name not in _plain_names(rows.model) and name not in query.annotations:
            return None
        columns["pk" if name == "id" else name] = " DESC" if one[0] == "-" else ""
        if "pk" in columns:
            break
    return columns


@cache
def _plain_names(model: Any) -> frozenset[str]:
    fields = model._meta.concrete_fields
    return frozenset({"pk", *(one.name for one in fields if not one.is_relation)})


@cache
def _statement(
    using: str,
    columns: Sequence[str],
    more: Sequence[str],
    ordering: Sequence[tuple[str, str]],
) -> str:
    """Return the statement around the one that picks the page, in the dialect of ``using``."""
    quote = connections[using].ops.quote_name
    names = [name for name, _sign in ordering]
    keys = ["pk", *(f"place{index}" for index, name in enumerate(names) if name != "pk")]
    places = {name: "pk" if name == "pk" else f"place{names.index(name)}" for name in names}
    own = [f"{table}.{quote(column)}" for table, column, _field in _fields(columns)]
    shown = ", ".join((*own, *more))
    order = ", ".join(f"page.{places[name]}{sign}" for name, sign in ordering)
    product = _model()._meta
    joins = [f"FROM page JOIN {quote(product.db_table)} product ON product.id = page.pk"]
    for name in dict.fromkeys(path.partition("__")[0] for path in columns if "__" in path):
        link = product.get_field(name)
        joins.append(
            f"LEFT JOIN {quote(link.related_model._meta.db_table)} {name} "
            f"ON {name}.id = product.{quote(link.column)}"
        )
    return (
        f"WITH page ({', '.join(keys)}) AS ({PAGE}) "
        f"SELECT {shown} {' '.join(joins)}{' ORDER BY ' * bool(order)}{order}"
    )


@cache
def _fields(columns: Sequence[str]) -> Sequence[tuple[str, str, Any]]:
    """Return the alias, the column and the field that each path means."""
    product = _model()._meta
    found = []
    for path in columns:
        link, _, name = path.rpartition("__")
        options = product.get_field(link).related_model._meta if link else product
        field = options.pk if name == "pk" else options.get_field(name)
        found.append((link or "product", field.column, field))
    return found


@cache
def _converter(using: str, columns: Sequence[str]) -> Convert:
    """Return what makes Python values of a row that the driver of ``using`` has read."""
    connection = connections[using]
    steps = []
    for index, (_table, column, field) in enumerate(_fields(columns)):
        if isinstance(field, MoneyField):
            own: Any = from_stored
        elif isinstance(field, JSONField):
            own = _from_json
        else:
            expression = field.get_col(column)
            own = [*connection.ops.get_db_converters(expression)]
            own = _chained(own, expression, connection) if own else None
        if own is not None:
            steps.append((index, own))

    def convert(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for index, step in steps:
            if values[index] is not None:
                values[index] = step(values[index])
        return values

    return convert


def _chained(converters: Sequence[Any], expression: Any, connection: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for one in converters:
            value = one(value, expression, connection)
        return value

    return convert


def _from_json(text: str) -> Any:
    return {} if text == "{}" else read_json(text)


def _model() -> Any:
    return apps.get_model("shopkit_catalog", "Product")
