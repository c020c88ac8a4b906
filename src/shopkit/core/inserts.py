"""Inserts of one statement: rows in no time, or one row unless it is there already."""

from collections.abc import Sequence
from functools import lru_cache

from django.db import connections, router
from django.db.models import AutoField, Model
from django.db.models.constants import OnConflict
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert rows of one model and give them their keys, as ``bulk_create`` does; no signals.

    On PostgreSQL the text is written once for each number of rows, not for each insert: that took
    several times longer than the insert itself. What is left to the database (``db_default``) is
    not read back there.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql":
        model._base_manager.bulk_create(rows)
        return
    fields = [
        one
        for one in model._meta.local_concrete_fields
        if not (isinstance(one, AutoField) or one.generated)
        and not isinstance(getattr(rows[0], one.attname), DatabaseDefault)
    ]
    values = [
        one.get_db_prep_save(one.pre_save(row, add=True), connection)
        for row in rows
        for one in fields
    ]
    columns = tuple(one.column for one in fields)
    with connection.cursor() as cursor:
        cursor.execute(_insert_text(model, columns, len(rows)), values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


@lru_cache(maxsize=1000)
def _insert_text(model: type[Model], columns: Sequence[str], count: int) -> str:
    options = model._meta
    names = ", ".join(f'"{one}"' for one in columns)
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    return (
        f'INSERT INTO "{options.db_table}" ({names}) VALUES {places}'  # noqa: S608 - our names
        f' RETURNING "{options.pk.column}"'
    )


def insert_if_new(row: Model) -> bool:
    """Insert ``row`` and say whether it is the first of its kind.

    A twin's insert that is still open is waited for. An automatic key is not read back.
    ``bulk_create(ignore_conflicts=True)`` does the same but does not say what happened. SQLite
    ignores a row that violates a CHECK as well, PostgreSQL raises IntegrityError.
    """
    model = type(row)
    connection = connections[router.db_for_write(model)]
    fields = [
        one
        for one in model._meta.local_concrete_fields
        if not (isinstance(one, AutoField) or one.generated)
    ]
    query = InsertQuery(model, on_conflict=OnConflict.IGNORE)
    query.insert_values(fields, [row])
    inserted = 0
    with connection.cursor() as cursor:
        for sql, params in query.get_compiler(connection=connection).as_sql():
            cursor.execute(sql, params)
            inserted += cursor.rowcount
    return bool(inserted)
