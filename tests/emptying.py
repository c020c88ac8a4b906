"""Emptying the database after a test that committed, without what makes Django's way slow.

Django truncates: PostgreSQL then gives each of a hundred tables a new file and waits for the disk,
and then every permission is made again. Here the rows go, and what ``migrate`` made stays.
"""

from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

# By name, because not every site of the tests has these apps.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def install() -> None:
    """Let every test of Django's and pytest-django's that commits clean up like this."""
    TransactionTestCase._fixture_teardown = _empty_databases  # type: ignore[attr-defined]


def _empty_databases(case: Any) -> None:
    for name in case._databases_names(include_mirrors=False):
        _empty(name)


def _empty(name: str) -> None:
    connection = connections[name]
    # Foreign keys are deferred to the commit, so that the order does not matter.
    with transaction.atomic(using=name), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - KEPT
        statements = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables)]
        if connection.vendor == "postgresql":
            statements = ["; ".join(statements)]
        for statement in statements:
            cursor.execute(statement)
