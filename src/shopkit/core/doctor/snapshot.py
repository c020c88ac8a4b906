"""One moment of the database, held still for a reader, while the shop goes on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, router, transaction

# The shop's own limits are for requests; a look at every row may take longer.
_POSTGRES = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@contextmanager
def snapshot() -> Iterator[None]:
    """See one moment of every database that our apps read, and refuse writes, until the end.

    Nobody waits for it and it waits for nobody (on SQLite: with journal_mode WAL). Inside a
    transaction of the caller's, what is seen is what that transaction sees.
    """
    with ExitStack() as stack:
        for alias in our_databases():
            stack.enter_context(_snapshot(alias))
        yield


def our_databases() -> list[str]:
    """Return the aliases that rows of ours are read from."""
    ours = [one for one in apps.get_app_configs() if one.label.startswith("shopkit_")]
    return sorted({router.db_for_read(model) for app in ours for model in app.get_models()})


@contextmanager
def _snapshot(alias: str) -> Iterator[None]:
    connection: Any = connections[alias]
    is_outermost = not connection.in_atomic_block
    if is_outermost and connection.vendor == "sqlite":
        with _sqlite(alias, connection):
            yield
        return
    with transaction.atomic(using=alias):
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for statement in _POSTGRES:
                    cursor.execute(statement)
        yield


@contextmanager
def _sqlite(alias: str, connection: Any) -> Iterator[None]:
    """Begin deferred: a reader that began IMMEDIATE, as services must, would lock writers out."""
    connection.ensure_connection()
    usual = connection.transaction_mode
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    connection.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic(using=alias):
            yield
    finally:
        connection.transaction_mode = usual
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
