"""Carts in Redis: the contract on a real server and on a pretended one, and what is its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from redis.exceptions import ResponseError

from shopkit.cart.checks import check_store
from shopkit.cart.models import CartTrace
from shopkit.cart.stores.base import CartStore
from shopkit.cart.stores.redis import RedisCartStore
from shopkit.cart.testing import ANNA, BEN, PRICE, ROOMY, CartStoreContract

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


@pytest.mark.django_db(transaction=True)
class TestRedisStoreOnACluster(CartStoreContract):
    """Two nodes, so a script whose keys are not in one slot is refused."""

    @pytest.fixture
    def store(self, redis_cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[CartStore]:
        monkeypatch.setenv("TEST_REDIS_CLUSTER", redis_cluster.url)
        redis_cluster.flush()
        yield RedisCartStore(client="tests.cart.redis_clients.cluster")
        assert 0 in redis_cluster.sizes()

    def test_keys_of_several_slots_are_refused_by_this_cluster(
        self, store: CartStore, redis_cluster: Any
    ) -> None:
        """So that the other tests are known to be able to fail."""
        with pytest.raises(ResponseError, match="same slot"):
            redis_cluster.nodes[0].call("EVAL", "return 1", "2", "cart:a", "cart:b")


LATER = timedelta(days=400)


@pytest.fixture
def pretended():
    redis_clients.fake().flushall()
    return RedisCartStore(client="tests.cart.redis_clients.fake")


def put(store, owner=ANNA):
    return store.add(owner, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)


def days_left(store, owner):
    return redis_clients.fake().ttl(f"{store.prefix}cart:{owner}") / 86400


def test_every_change_gives_a_cart_its_whole_life_again(pretended, db, settings):
    settings.SHOPKIT = {"CART": {"GUEST_LIFETIME": timedelta(days=10)}}
    key, changes = (
        f"{pretended.prefix}cart:{BEN}",
        [
            lambda: put(pretended, BEN),
            lambda: pretended.set(BEN, variant_id=1, quantity=5, price=PRICE, limits=ROOMY),
            lambda: pretended.remove_ordered(BEN, {1: 1}, reference="order:1"),
            lambda: pretended.clear(BEN),
        ],
    )
    for change in changes:
        change()
        assert 9.9 < days_left(pretended, BEN) <= 10
        redis_clients.fake().expire(key, 60)
    pretended.read(BEN)
    assert days_left(pretended, BEN) < 1

    put(pretended, BEN)
    pretended.merge(BEN, ANNA, ceilings={}, limits=ROOMY)
    assert 364 < days_left(pretended, ANNA) <= 365


def test_a_users_cart_may_live_for_ever(db):
    redis_clients.fake().flushall()
    store = RedisCartStore(client="tests.cart.redis_clients.fake", user_lifetime=None)
    put(RedisCartStore(client="tests.cart.redis_clients.fake"))

    put(store)

    assert redis_clients.fake().ttl(f"{store.prefix}cart:{ANNA}") == -1
    assert store.tidy() == 0


def test_the_note_of_a_removal_expires(pretended, db):
    pretended.remove_ordered(ANNA, {1: 1}, reference="order:1")

    [key] = redis_clients.fake().keys()

    assert 6 * 86400 < redis_clients.fake().ttl(key) <= 7 * 86400


def test_a_users_cart_leaves_one_trace_and_a_guests_none(pretended, db, statements):
    put(pretended, BEN)
    assert not CartTrace.objects.exists()

    with statements(1):
        for _ in range(3):
            put(pretended)
        pretended.read(ANNA)

    assert [trace.owner for trace in CartTrace.objects.all()] == [ANNA]


def test_a_trace_is_renewed_while_the_cart_is_in_use_and_outlives_it_not_for_ever(pretended, db):
    put(pretended)
    put(pretended, "user:2")
    CartTrace.objects.update(seen_at=timezone.now() - LATER)
    redis_clients.fake().hset(f"{pretended.prefix}cart:{ANNA}", "traced", "1")
    redis_clients.fake().delete(f"{pretended.prefix}cart:user:2")

    put(pretended)
    assert pretended.read("user:2").lost
    assert pretended.tidy() == 1

    assert [trace.owner for trace in CartTrace.objects.all()] == [ANNA]
    assert not pretended.read("user:2").lost


def test_a_crash_before_the_trace_leaves_it_to_the_next_look(pretended, db, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(CartTrace.objects, "bulk_create", _crash)
        with pytest.raises(ConnectionAbortedError):
            put(pretended)
    assert not CartTrace.objects.exists()

    assert pretended.read(ANNA).lines[1].quantity == 1

    assert CartTrace.objects.get().owner == ANNA


def _crash(*args, **kwargs):
    raise ConnectionAbortedError


def test_two_prefixes_are_two_shops(db):
    redis_clients.fake().flushall()
    one, two = (
        RedisCartStore(client="tests.cart.redis_clients.fake", prefix=f"{{{name}}}:")
        for name in ("one", "two")
    )
    put(one, BEN)

    assert not two.read(BEN).exists


def test_a_client_that_answers_in_texts_is_refused_before_it_stores_anything(db):
    redis_clients.fake().flushall()
    store = RedisCartStore(client="tests.cart.redis_clients.fake_of_texts")

    with pytest.raises(ImproperlyConfigured, match="decode_responses"):
        put(store, BEN)

    assert redis_clients.fake().keys() == []


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({}, "either url or client"),
        ({"url": "redis://h", "client": "a.b"}, "either url or client"),
        ({"url": "http://h"}, "Redis URL must specify one of the following schemes"),
        ({"url": "redis://h:port/0"}, "Port could not be cast"),
        ({"url": "redis://h", "prefix": "cart:"}, "prefix needs a hash tag"),
        ({"url": "redis://h", "prefix": "{}cart:"}, "prefix needs a hash tag"),
        ({"url": "redis://h", "pool_size": 0}, "pool_size must be at least 1"),
        ({"url": "redis://h", "timeout": 0}, "must be above zero"),
        ({"url": "redis://h", "user_lifetime": timedelta(0)}, "user_lifetime must be longer"),
        ({"url": "redis://h", "speed": "high"}, "unexpected keyword argument 'speed'"),
    ],
)
def test_wrong_options_are_named_by_the_check(settings, wrong, text):
    backend = "shopkit.cart.stores.redis.RedisCartStore"
    settings.SHOPKIT = {"CART": {"BACKEND": backend, "OPTIONS": wrong}}

    (found,) = check_store()

    assert found.id == "shopkit.cart.E001"
    assert text in found.msg


def test_without_the_package_the_check_says_how_to_install_it(settings, monkeypatch):
    backend = "shopkit.cart.stores.redis.RedisCartStore"
    settings.SHOPKIT = {"CART": {"BACKEND": backend, "OPTIONS": {"url": "redis://h"}}}
    monkeypatch.setattr("shopkit.cart.stores.redis.connections.redis", None)

    (found,) = check_store()

    assert 'pip install "shopkit[redis]"' in found.msg
