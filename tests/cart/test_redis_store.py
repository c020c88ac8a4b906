"""Carts in Redis: the contract on a real server and on a pretended one, and what is its own."""

import pytest

from shopkit.cart.stores.base import CartStore
from shopkit.cart.stores.redis import RedisCartStore
from shopkit.cart.testing import CartStoreContract

from . import redis_clients


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
class TestRedisStore(CartStoreContract):
    @pytest.fixture
    def store(self, redis_url: str, redis_prefix: str) -> CartStore:
        return RedisCartStore(url=redis_url, prefix=f"{redis_prefix}{{c}}:")


@pytest.mark.django_db(transaction=True)
class TestRedisStoreOnAPretendedServer(CartStoreContract):
    @pytest.fixture
    def store(self) -> CartStore:
        redis_clients.fake().flushall()
        return RedisCartStore(client="tests.cart.redis_clients.fake")
