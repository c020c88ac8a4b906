"""Databases of the benchmark's own: made once, used again by later runs."""

import os
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from . import catalogue


@dataclass(frozen=True)
class Database:
    """One benchmark database.

    size -- products in it
    server -- URL of any database of the server, with the right to make others
    """

    size: int
    server: str
    prefix: str = "shopkit_bench"

    @property
    def name(self) -> str:
        """Name on the server."""
        return f"{self.prefix}_{self.size}"

    @property
    def url(self) -> str:
        """Where it is."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}"))

    @property
    def mark(self) -> str:
        """What a completely loaded database says of itself."""
        return f"shopkit benchmark: {self.size} products, rows of version {catalogue.VERSION}"

    def is_loaded(self) -> bool:
        """Say whether the database is there and complete."""
        with psycopg.connect(self.server, autocommit=True) as link:
            found = link.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [self.name],
            ).fetchone()
        return found is not None and found[0] == self.mark

    def create(self) -> None:
        """Make the database, empty; one that is there is thrown away."""
        self.drop()
        with psycopg.connect(self.server, autocommit=True) as link:
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))

    def drop(self) -> None:
        """Throw it away, whoever is connected."""
        with psycopg.connect(self.server, autocommit=True) as link:
            link.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
            )

    def sign(self) -> None:
        """Write down that loading has ended."""
        with psycopg.connect(self.server, autocommit=True) as link:
            link.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(self.name), sql.Literal(self.mark)
                )
            )


def server_url() -> str:
    """Return DATABASE_URL. Exits with the remedy when it is not set."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        sys.exit("DATABASE_URL must name a PostgreSQL server: postgres://user@host:port/postgres")
    return url
