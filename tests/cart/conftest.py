"""The stores that a site's carts may be in, so that one test is run on each."""

from collections.abc import Iterator
from typing import Any

import pytest

from shopkit.cart.models import Cart


class CartsInDatabase:
    """The default store."""

    def owners(self) -> list[str]:
        """Return who has a cart."""
        return list(Cart.objects.values_list("owner", flat=True))

    def lose(self) -> None:
        """Let all carts be gone."""
        Cart.objects.all().delete()


class CartsInRedis:
    """The Redis store with keys of its own."""

    def __init__(self, url: str, prefix: str) -> None:
        import redis

        self.client = redis.Redis.from_url(url, decode_responses=True)
        self.options = {"url": url, "prefix": f"{prefix}{{c}}:"}
        self.carts = f"{prefix}{{c}}:cart:"

    def owners(self) -> list[str]:
        """Return who has a cart."""
        return [key.removeprefix(self.carts) for key in self.client.scan_iter(f"{self.carts}*")]

    def lose(self) -> None:
        """Let all carts be gone, as a server that was restarted empty would."""
        for owner in self.owners():
            self.client.delete(f"{self.carts}{owner}")


@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.redis)])
def carts(request: Any, settings: Any) -> Iterator[Any]:
    """Where the site keeps its carts."""
    if request.param == "database":
        yield CartsInDatabase()
        return
    url, prefix = (request.getfixturevalue(name) for name in ("redis_url", "redis_prefix"))
    kept = CartsInRedis(url, prefix)
    store = {"BACKEND": "shopkit.cart.stores.redis.RedisCartStore", "OPTIONS": kept.options}
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": store}
    yield kept
    kept.client.close()
