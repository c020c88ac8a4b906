"""A PostgreSQL cluster of one's own, in a temporary folder, on a free port."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.example.sites import free_port

OWNER = "postgres"  # PostgreSQL refuses to run as root
LIMIT = 60  # seconds for any step


class Postgres:
    """It may be stopped as if the machine had lost power."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "postgres"
        self.port = free_port()
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, OWNER)

    @property
    def url(self) -> str:
        """What DATABASE_URL is to be."""
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the cluster and start it."""
        self._run("initdb", "--auth", "trust", "--username", OWNER, "--encoding", "UTF8")
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nmax_connections = 60\n"
                f"unix_socket_directories = '{self.folder}'\n"
            )
        self._ctl("start")

    def crash(self) -> None:
        """Stop at once, without writing anything out, and come up again by the log."""
        self._ctl("restart", "-m", "immediate")

    def stop(self) -> None:
        """End it, if it runs."""
        subprocess.run(
            self._ctl_command("stop", "-m", "immediate"), check=False, **self._as_owner()
        )

    def rows(self, query: str) -> list[tuple]:
        """Return what a query finds."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def one(self, query: str) -> int:
        """Return the one number that a query finds."""
        return self.rows(query)[0][0]

    def do(self, statements: str) -> None:
        """Run statements."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statements)

    @contextmanager
    def listen(self, channel: str) -> Iterator["News"]:
        """Hear what is notified on ``channel``, from now on."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            yield News(connection)

    def _ctl(self, *words: str) -> None:
        subprocess.run(self._ctl_command(*words), check=True, **self._as_owner())

    def _ctl_command(self, *words: str) -> list[str]:
        log = str(self.folder / "server.log")
        return [program("pg_ctl"), "-D", str(self.folder), "-l", log, "-w", "-t", "30", *words]

    def _run(self, name: str, *words: str) -> None:
        subprocess.run(
            [program(name), "-D", str(self.folder), *words], check=True, **self._as_owner()
        )

    def _as_owner(self) -> dict:
        quiet = {"stdout": subprocess.DEVNULL, "timeout": LIMIT, "cwd": self.folder}
        if os.getuid() != 0:
            return quiet
        group = pwd.getpwnam(OWNER).pw_gid
        return {**quiet, "user": OWNER, "group": group, "extra_groups": []}


class News:
    """What a connection hears."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def wait(self, seconds: float) -> bool:
        """Forget what was said before, and say whether something is said within ``seconds``."""
        for _ in self._connection.notifies(timeout=0):
            pass
        return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs; Debian keeps them off the PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(kept[-1]) if kept else shutil.which(name)
    if not found:
        raise SystemExit(f"There is no {name}: install PostgreSQL's server to run this.")
    return found
