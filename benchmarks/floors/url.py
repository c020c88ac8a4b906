"""A database URL as Django wants it."""

from typing import Any
from urllib.parse import unquote, urlsplit


def django_database(url: str) -> dict[str, Any]:
    """Return the entry for ``DATABASES``: one connection per process, kept."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c lock_timeout=10000 -c statement_timeout=30000"},
    }
