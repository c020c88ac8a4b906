"""Which database the environment names; a SQLite file when it names none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# Without IMMEDIATE two writers at once end in "database is locked" however long they may wait.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
# Milliseconds. Nobody waits for ever, and nothing that hangs keeps its locks.
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c lock_timeout=10000 -c statement_timeout=30000"
    " -c idle_in_transaction_session_timeout=60000",
}


def database(environment: Mapping[str, str], *, folder: Path) -> dict[str, Any]:
    """Return the entry for ``DATABASES``.

    environment -- DATABASE_URL; or else DB_ENGINE, DB_NAME, POSTGRES_DB, POSTGRES_USER,
        POSTGRES_PASSWORD, DB_HOST, DB_PORT. Empty ones count as unset.
    folder -- where a SQLite file lies

    Raises ImproperlyConfigured for an engine that shopkit does not know to be right.
    """
    url = environment.get("DATABASE_URL")
    chosen = environ.Env.db_url_config(url) if url else _from_parts(environment)
    if "sqlite" in chosen["ENGINE"]:
        return _sqlite(folder / (chosen["NAME"] or "shop.sqlite3"))
    if "postgres" in chosen["ENGINE"]:
        return _postgres(chosen)
    raise ImproperlyConfigured(f"{chosen['ENGINE']} is neither PostgreSQL nor SQLite.")


def _from_parts(environment: Mapping[str, str]) -> dict[str, Any]:
    names = ("POSTGRES_DB", "POSTGRES_USER", "DB_HOST")
    usual = "postgresql" if any(environment.get(name) for name in names) else "sqlite3"
    return {
        "ENGINE": environment.get("DB_ENGINE") or usual,
        "NAME": environment.get("DB_NAME") or environment.get("POSTGRES_DB", ""),
        "USER": environment.get("POSTGRES_USER", ""),
        "PASSWORD": environment.get("POSTGRES_PASSWORD", ""),
        "HOST": environment.get("DB_HOST", ""),
        "PORT": environment.get("DB_PORT", ""),
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": SQLITE_OPTIONS,
    }


def _postgres(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **chosen,
        "ENGINE": "django.db.backends.postgresql",
        "NAME": chosen["NAME"] or "shopkit",
        "OPTIONS": {**POSTGRES_OPTIONS, **chosen.get("OPTIONS", {})},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
