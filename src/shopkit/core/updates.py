"""Other values for many rows in one statement."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.db import connections, router
from django.db.models import Model

# SQLite before 3.33 knows no UPDATE ... FROM.
OLDEST_SQLITE = (3, 33)


def update_rows(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the fields ``names`` of ``rows``, which have keys; as ``bulk_update`` does, no signals.

    ``bulk_update`` writes a CASE with a branch per row for each field, which takes Python several
    times longer than the database needs to do it, and the database time by the square of the rows.

    rows -- of one model
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if not _knows_update_from(connection):
        model._base_manager.using(connection.alias).bulk_update(rows, names)
        return
    waiting = iter(rows)
    most = connection.ops.bulk_batch_size(["pk", *names], rows)
    while batch := list(islice(waiting, most)):
        _update(batch, names)


def _knows_update_from(connection: Any) -> bool:
    if connection.vendor == "sqlite":
        return bool(connection.Database.sqlite_version_info >= OLDEST_SQLITE)
    return bool(connection.vendor == "postgresql")


def _update(rows: Sequence[Model], names: Sequence[str]) -> None:
    options: Any = type(rows[0])._meta
    connection = connections[router.db_for_write(type(rows[0]))]
    fields = [options.pk, *(options.get_field(name) for name in names)]
    plain = ", ".join(["%s"] * len(fields))
    first = plain
    # PostgreSQL takes the types from the first row. SQLite's CAST would make a number of a date.
    if connection.vendor == "postgresql":
        first = ", ".join(f"CAST(%s AS {one.db_type(connection)})" for one in fields)
    places = ", ".join(f"({one})" for one in [first, *[plain] * (len(rows) - 1)])
    columns = [f'"{one.column}"' for one in fields]
    changes = ", ".join(f"{one} = given.{one}" for one in columns[1:])
    values = [
        one.get_db_prep_save(getattr(row, one.attname), connection)
        for row in rows
        for one in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH given ({', '.join(columns)}) AS (VALUES {places}) "  # noqa: S608 - our names
            f'UPDATE "{options.db_table}" SET {changes} FROM given '
            f'WHERE "{options.db_table}".{columns[0]} = given.{columns[0]}',
            values,
        )
