"""Insert a row unless a unique constraint knows it already: one statement, no savepoint."""

from django.db import connections, router
from django.db.models import AutoField, Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery


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
