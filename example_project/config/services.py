"""Redis, where REDIS_URL names one: carts and the cache. Without it the shop needs no server."""

from collections.abc import Mapping
from typing import Any

TIMEOUT = 1.0  # seconds: a frozen Redis may cost a request that much


def cart(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return SHOPKIT["CART"]: carts in Redis, or none of it for carts in the database."""
    url = environment.get("REDIS_URL", "")
    if not url:
        return {}
    return {
        "BACKEND": "shopkit.cart.stores.redis.RedisCartStore",
        "OPTIONS": {"url": url, "prefix": f"{{{_prefix(environment)}}}:", "timeout": TIMEOUT},
    }


def cache(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return CACHES["default"]: in Redis, or in the memory of each process.

    What is cached may be lost at any moment, so a Redis that is away is a cache that is empty.
    """
    url = environment.get("REDIS_URL", "")
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    from redis.backoff import NoBackoff  # noqa: PLC0415 - an extra
    from redis.retry import Retry  # noqa: PLC0415

    from .resting import RestingConnection  # noqa: PLC0415

    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": _prefix(environment),
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": TIMEOUT,
            "SOCKET_TIMEOUT": TIMEOUT,
            "CONNECTION_POOL_CLASS": "redis.BlockingConnectionPool",
            "CONNECTION_POOL_KWARGS": {
                "max_connections": 20,
                "timeout": TIMEOUT,
                "retry": Retry(NoBackoff(), 0),  # one timeout, not four
                "connection_class": RestingConnection,
            },
        },
    }


def answers(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the alias where the catalogue's answers are remembered, or {} without Redis.

    The same server, but it says when it fails: the catalogue leaves it alone for a moment then.
    """
    if not environment.get("REDIS_URL"):
        return {}
    same = cache(environment)
    return {"answers": {**same, "OPTIONS": {**same["OPTIONS"], "IGNORE_EXCEPTIONS": False}}}


def _prefix(environment: Mapping[str, str]) -> str:
    """Return what keeps the keys of shops on one Redis apart."""
    return environment.get("REDIS_PREFIX") or "shop"
