"""Migrate, one process at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections

from shopkit.core.locks import key_of

PAUSE = 0.5  # seconds


class Command(BaseCommand):
    """Safe in many containers that start at once: the first migrates, the others find it done.

    The lock belongs to the database connection, so whoever dies lets go of it. On SQLite Django's
    own locking has to do.

    Raises CommandError when another one still migrates after the time is up.
    """

    help = "Run migrate, waiting for another process that is at it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a database and a time."""
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)
        parser.add_argument("--seconds", type=float, default=600, help="How long to wait at most.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        alias, verbosity = options["database"], options["verbosity"]
        with _alone(alias, seconds=options["seconds"]):
            call_command(
                "migrate",
                database=alias,
                verbosity=verbosity,
                interactive=False,
                stdout=self.stdout,
                stderr=self.stderr,
            )


@contextmanager
def _alone(alias: str, *, seconds: float) -> Iterator[None]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    key, deadline = key_of("migrate"), time.monotonic() + seconds
    with connection.cursor() as cursor:
        # Building an index takes as long as it takes; a lock is still not waited for for ever.
        cursor.execute("SET statement_timeout = 0")
        while not _got(cursor, key):
            if time.monotonic() >= deadline:
                raise CommandError(f"Another process still migrates after {seconds:g} seconds.")
            time.sleep(PAUSE)
    try:
        yield
    finally:
        connection.close()  # and the lock with it, also after an error


def _got(cursor: Any, key: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
    return bool(cursor.fetchone()[0])
