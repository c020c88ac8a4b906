"""What the example project makes of a Redis, and of none."""

import sys

import pytest

from .test_settings import config

SHOW = """
from django.conf import settings
from django.core.cache import cache
from shopkit.cart.services import cart_store
cache.set("answer", 42)
store = cart_store()
print(json.dumps({
    "cache": settings.CACHES["default"]["BACKEND"],
    "answer": cache.get("answer"),
    "store": type(store).__name__,
    "prefix": getattr(store, "prefix", None),
}))
"""


def test_without_redis_the_shop_needs_no_server():
    services = config("services")

    assert services.cart({}) == services.cart({"REDIS_URL": ""}) == {}
    assert services.cache({})["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"


@pytest.mark.redis
def test_with_redis_carts_and_cache_are_there_under_the_shops_prefix(
    empty_shop, redis_url, redis_prefix
):
    given = {"REDIS_URL": redis_url, "REDIS_PREFIX": redis_prefix}

    done = empty_shop.run(sys.executable, "manage.py", "check", "--fail-level", "WARNING", **given)

    assert done.returncode == 0, done.stderr
    assert empty_shop.ask(SHOW, **given) == {
        "cache": "django_redis.cache.RedisCache",
        "answer": 42,
        "store": "RedisCartStore",
        "prefix": f"{{{redis_prefix}}}:",
    }


FREEZE = """
import os, signal, time
from config import resting
from django.core.cache import cache
resting.REST = 1.5
cache.set("answer", 42)
os.kill({pid}, signal.SIGSTOP)
began = time.monotonic()
frozen = [cache.get("answer") for _ in range(10)]
took = time.monotonic() - began
os.kill({pid}, signal.SIGCONT)
time.sleep(2)
print(json.dumps({{"frozen": frozen, "took": took, "thawed": cache.get("answer")}}))
"""


def test_a_frozen_redis_costs_a_process_one_timeout(empty_shop, redis_server):
    script = FREEZE.format(pid=redis_server.process.pid)

    shown = empty_shop.ask(script, REDIS_URL=redis_server.url)

    assert shown["frozen"] == [None] * 10
    assert 0.9 < shown["took"] < 1.9
    assert shown["thawed"] == 42


def test_a_redis_that_is_away_is_an_empty_cache_to_the_shop(empty_shop, redis_server):
    redis_server.stop()

    shown = empty_shop.ask(SHOW, REDIS_URL=redis_server.url)

    assert shown["answer"] is None
