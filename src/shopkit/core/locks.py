"""Named locks held until the transaction ends, for rules that no single row can carry."""

import hashlib

from django.db import connection, transaction


def hold(*names: str) -> None:
    """Wait for the locks of these names and keep them until the current transaction ends.

    Names are taken in one order whatever order they are given in, so two callers cannot deadlock.
    On SQLite nothing is needed: a transaction begun IMMEDIATE excludes every other writer.

    Raises TransactionManagementError outside a transaction, where the lock would end at once.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("hold() needs a transaction.")
    if connection.vendor != "postgresql" or not names:
        return
    keys = sorted({key_of(name) for name in names})
    calls = ", ".join(["pg_advisory_xact_lock(%s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", keys)


def key_of(name: str) -> int:
    """Return the number that PostgreSQL knows the lock ``name`` by."""
    digest = hashlib.sha256(f"shopkit:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
