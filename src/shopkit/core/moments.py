"""Moments that SQLite can compare.

SQLite keeps a moment as text, and its clock has milliseconds: what a ``db_default=Now()`` writes
is "... 12:00:00.123". Django asks for "... 12:00:00.123000", which sorts after it: a row would be
earlier than its own moment.
"""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, F, Func, Q, QuerySet, Value
from django.db.models.fields import NOT_PROVIDED
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
)

LOOKUPS: Any = {
    one.lookup_name: one
    for one in (Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual)
}


class Moment(Func):
    """A moment with six digits of a second on SQLite; elsewhere what it is made of."""

    template = "%(expressions)s"
    arity = 1
    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Return the text with the digits that it lacks; without any it has 19 characters."""
        template = "(%(expressions)s || substr('.000000', length(%(expressions)s) - 18))"
        sql, params = self.as_sql(compiler, connection, template=template, **extra)
        return sql, (*params, *params)


def is_by_database(rows: "QuerySet[Any]", column: str) -> bool:
    """Say whether the database's clock writes a column of ``rows``: it is compared as a ``Moment``.

    What only Python writes is text of one form, and stays with its index. Annotations and columns
    of other tables are left alone too.
    """
    try:
        field: Any = rows.model._meta.get_field(column)
    except FieldDoesNotExist:
        return False
    return isinstance(field, DateTimeField) and field.db_default is not NOT_PROVIDED


def by_moment(column: str, lookup: str, moment: Any) -> Q:
    """Return the condition on a column that the database's clock writes.

    lookup -- one of LOOKUPS: "lt", "lte", "gt", "gte" or "exact"
    """
    given = Moment(Value(moment, DateTimeField()))
    return Q(LOOKUPS[lookup](Moment(F(column)), given))
