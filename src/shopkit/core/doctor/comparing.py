"""Two sets of rows that must come to the same sums, compared by the database in one statement."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections
from django.db.models import QuerySet

CHUNK = 1000


def differences(
    left: QuerySet[Any, Any], right: QuerySet[Any, Any], *, keys: Sequence[str] = ("key",)
) -> Iterator[tuple[Any, ...]]:
    """Yield ``(*key, sum on the left, sum on the right)`` of every key whose sums differ.

    A key that stands on one side only has the sum 0 on the other. Rows are read as they come, so
    memory does not grow with the tables. Money comes in ten-thousandths.

    left, right -- querysets of ``.values(*keys, "tally")``, named so by annotations
    """
    connection = connections[left.db]
    sql_left, params_left = _compiled(left)
    sql_right, params_right = _compiled(right)
    names = ", ".join(connection.ops.quote_name(key) for key in keys)
    # Every part is Django's own SQL or a name out of our code; values are parameters.
    sql = (
        f"SELECT {names}, SUM(on_left), SUM(on_right) FROM ("  # noqa: S608
        f"SELECT {names}, tally AS on_left, 0 AS on_right FROM ({sql_left}) AS l UNION ALL "
        f"SELECT {names}, 0, tally FROM ({sql_right}) AS r) AS sides "
        f"GROUP BY {names} HAVING SUM(on_left) <> SUM(on_right) ORDER BY {names}"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [*params_left, *params_right])
        while rows := cursor.fetchmany(CHUNK):
            for *key, on_left, on_right in rows:
                yield (*key, int(on_left), int(on_right))


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]]:
    sql, params = rows.order_by().query.get_compiler(rows.db).as_sql()
    return sql, params
