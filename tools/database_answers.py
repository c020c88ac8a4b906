"""Say whether the PostgreSQL server that DATABASE_URL names answers; exit 1 with why not."""

import os
import sys
import time
from collections.abc import Callable

import psycopg

# Seconds. Where the server is required, it may have been started a moment ago.
PATIENCE = 15 if os.environ.get("SHOPKIT_REQUIRE_SERVICES") == "1" else 0


def patiently(why_not: Callable[[str], str], url: str) -> str:
    """Ask until ``why_not(url)`` has no objection or patience ends; return the last objection."""
    deadline = time.monotonic() + PATIENCE
    while reason := why_not(url):
        if time.monotonic() >= deadline:
            return reason
        time.sleep(1)
    return ""


def why_not(url: str) -> str:
    """Return what keeps us from a connection to ``url``, or ""."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip()
    except psycopg.Error:
        return "it does not read as postgres://user:password@host:port/name"
    return ""


def main() -> str | None:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        return (
            "DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:port/name"
        )
    if reason := patiently(why_not, url):
        return f"PostgreSQL (DATABASE_URL) does not answer: {reason}"
    return None


if __name__ == "__main__":
    sys.exit(main())
