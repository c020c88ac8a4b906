"""Hundreds of hands on one cart in Redis, each promise first seen broken by a naive store."""

import time

import pytest
import redis

from shopkit.cart.stores.base import CartLineState, Limits, MergeResult, Moved
from shopkit.cart.stores.redis import RedisCartStore
from shopkit.cart.testing import PRICE, in_threads
from tests.threads import kinds

pytestmark = [pytest.mark.redis, pytest.mark.race]

# Guests, because nothing about a guest's cart is written to the database.
CARLA, DINA = "guest:carla", "guest:dina"
CAP = Limits(ceiling=99, max_lines=100)


class NaiveStore(RedisCartStore):
    """Reads, computes in Python, writes: right for one, wrong for two."""

    def increase(self, owner, *, variant_id, quantity, price, limits):
        before = self.fetch(owner).lines.get(variant_id, CartLineState(0, price))
        time.sleep(0.01)
        self.put(owner, variant_id, before.quantity + quantity)
        return self.fetch(owner)

    def move(self, source, target, *, ceilings, limits):
        incoming = self.fetch(source).lines
        time.sleep(0.05)
        for variant, line in incoming.items():
            what = {"variant_id": variant, "quantity": line.quantity, "price": line.price_seen}
            super().increase(target, **what, limits=limits)
        with redis.Redis.from_url(self.reach.url) as client:
            client.delete(self._key(source))
        return MergeResult(self.fetch(target), {pk: Moved(1, 0) for pk in incoming})

    def put(self, owner, variant, quantity):
        fields = {f"line:{variant}": f"1 {quantity} 5", "version": "v", "traced": "0"}
        with redis.Redis.from_url(self.reach.url) as client:
            client.hset(self._key(owner), mapping=fields)


@pytest.fixture
def options(redis_url, redis_prefix):
    return {"url": redis_url, "prefix": f"{redis_prefix}{{c}}:", "pool_timeout": 60.0}


@pytest.fixture
def store(options):
    return RedisCartStore(**options)


@pytest.fixture
def naive(options):
    return NaiveStore(**options)


def add_many(store, threads):
    return in_threads(
        threads,
        lambda _: store.add(CARLA, variant_id=1, quantity=1, price=PRICE, limits=CAP),
    )


def units(store, owner):
    return {pk: line.quantity for pk, line in store.read(owner).lines.items()}


def test_two_hundred_additions_to_a_cap_of_ninety_nine_make_ninety_nine(store, redis_url):
    raised = add_many(store, 200)

    assert kinds(raised) == {"CeilingReached": 101}
    assert units(store, CARLA) == {1: 99}
    with redis.Redis.from_url(redis_url) as client:
        seconds = client.ttl(f"{store.prefix}cart:{CARLA}")
    assert 29 * 86400 < seconds <= 30 * 86400


def test_reading_first_and_writing_later_loses_additions(naive, redis_url):
    raised = add_many(naive, 60)

    assert raised == []
    assert units(naive, CARLA)[1] < 60
    with redis.Redis.from_url(redis_url) as client:
        assert client.ttl(f"{naive.prefix}cart:{CARLA}") == -1


def fill_both(store):
    for owner, quantity in ((CARLA, 3), (DINA, 1)):
        store.add(owner, variant_id=1, quantity=quantity, price=PRICE, limits=CAP)


def test_fifty_merges_at_once_add_once(store):
    fill_both(store)
    results = []

    raised = in_threads(
        50, lambda _: results.append(store.merge(CARLA, DINA, ceilings={}, limits=CAP))
    )

    assert raised == []
    assert units(store, DINA) == {1: 4}
    assert sorted(len(result.moved) for result in results) == [0] * 49 + [1]
    assert not store.read(CARLA).exists


def test_merging_by_reading_first_adds_several_times(naive, store):
    fill_both(store)

    raised = in_threads(20, lambda _: naive.merge(CARLA, DINA, ceilings={}, limits=CAP))

    assert raised == []
    assert units(store, DINA)[1] > 4


def test_fifty_news_of_one_order_take_out_once(store):
    store.add(CARLA, variant_id=1, quantity=90, price=PRICE, limits=CAP)

    raised = in_threads(50, lambda _: store.remove_ordered(CARLA, {1: 2}, reference="order:1"))

    assert raised == []
    assert units(store, CARLA) == {1: 88}


def test_additions_merges_and_removals_at_once_lose_and_double_nothing(store):
    roomy = Limits(ceiling=10_000, max_lines=100)
    store.add(DINA, variant_id=1, quantity=1000, price=PRICE, limits=roomy)

    def act(number):
        if number % 4 == 0:
            store.merge(CARLA, DINA, ceilings={}, limits=roomy)
        elif number % 4 == 1:
            store.remove_ordered(DINA, {1: 1}, reference=f"order:{number // 8}")
        else:
            store.add(CARLA, variant_id=1, quantity=1, price=PRICE, limits=roomy)

    raised = in_threads(80, act)
    store.merge(CARLA, DINA, ceilings={}, limits=roomy)

    assert raised == []
    assert units(store, DINA) == {1: 1000 + 40 - 10}
