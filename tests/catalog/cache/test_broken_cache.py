"""A cache that fails, keeps nothing or is none."""

import logging
import time
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.checks import run_checks
from django.test import RequestFactory
from rest_framework.test import APIClient

from shopkit.catalog import freshness
from shopkit.catalog.api.remembering import memory_of
from shopkit.catalog.api.views import ProductListView
from shopkit.catalog.conf import CatalogSettings
from shopkit.catalog.freshness import PRODUCTS
from shopkit.catalog.models import Product
from shopkit.core import quiet_cache
from shopkit.core.quiet_cache import QuietCache

from .conftest import API, turn

LISTS = ["categories/", "categories/clothes/", "products/", "products/?cursor="]


# When the cache is away.


class BrokenCache(BaseCache):
    """Fails whatever it is asked while ``is_broken``."""

    is_broken = True

    def __init__(self, _location, params):
        super().__init__(params)
        self.kept = {}

    def _must_work(self):
        if type(self).is_broken:
            raise ConnectionRefusedError("no server")

    def get(self, key, default=None, version=None):
        self._must_work()
        return self.kept.get(key, default)

    def set(self, key, value, timeout=None, version=None):
        self._must_work()
        self.kept[key] = value

    def add(self, key, value, timeout=None, version=None):
        self._must_work()
        return self.kept.setdefault(key, value) is value

    def delete(self, key, version=None):
        self._must_work()
        return self.kept.pop(key, None) is not None


@pytest.fixture
def broken(shirt, settings, monkeypatch):
    """The cache stops working."""
    monkeypatch.setattr(BrokenCache, "is_broken", True)
    monkeypatch.setattr(quiet_cache, "_complained_at", {})
    monkeypatch.setattr(quiet_cache, "_paused_until", {})
    monkeypatch.setattr(freshness, "_owed", set())
    path = f"{__name__}.BrokenCache"
    settings.CACHES = {**settings.CACHES, "shelf": {"BACKEND": path}}
    return BrokenCache


def test_a_broken_cache_is_no_cache(broken, ask, caplog):
    with caplog.at_level(logging.WARNING, logger="shopkit.cache"):
        answers = [ask(path).response.status_code for path in [*LISTS, "products/shirt/"] * 3]

    assert set(answers) == {200}
    assert [one.getMessage() for one in caplog.records] == [
        "The cache 'shelf' does not work: ConnectionRefusedError"
    ]


def test_a_write_does_not_mind_and_is_not_forgotten(broken, ask, monkeypatch):
    broken.is_broken = False
    before = ask("products/").body
    assert ask("products/").statements == 0
    broken.is_broken = True
    Product.objects.update(name="Renamed")

    broken.is_broken = False
    monkeypatch.setattr(quiet_cache, "_paused_until", {})
    after = ask("products/")

    assert b"Renamed" in after.body
    assert after.body != before


class PaysInBetween(set):
    """Another thread tells the cache of all that is owed in the worst moment."""

    def add(self, one):
        _pay_and_wait()
        super().add(one)
        _pay_and_wait()


def _pay_and_wait():
    freshness._pay(QuietCache("shelf"))


def test_what_is_owed_is_not_lost_when_two_threads_pay_at_once(shirt, ask, monkeypatch):
    """Whoever says that the cache was told has told it after the change."""
    owed = PaysInBetween()
    monkeypatch.setattr(freshness, "_owed", owed)
    assert b"Shirt" in ask("products/").body

    Product.objects.update(name="Renamed")

    assert b"Renamed" in ask("products/").body
    assert owed == set()


def test_a_cache_that_failed_is_left_alone_for_a_moment(broken):
    cache = QuietCache("shelf")
    assert cache.get_many(["x"]) == {}
    broken.is_broken = False

    assert not cache.add("x", 1, seconds=None)
    time.sleep(quiet_cache.PAUSE)
    assert cache.add("x", 1, seconds=None)


def test_a_cache_that_works_again_is_used_however_often_it_is_asked_for(
    broken, ask, monkeypatch, caplog
):
    now = 1000.0
    monkeypatch.setattr(quiet_cache, "time", SimpleNamespace(monotonic=lambda: now))
    with caplog.at_level(logging.WARNING, logger="shopkit.cache"):
        ask("products/")
        broken.is_broken = False
        while now < 1000 + quiet_cache.PAUSE:
            now += quiet_cache.PAUSE / 3
            ask("products/")

    assert ask("products/").statements == 0
    assert len(caplog.records) == 1


def test_rubbish_in_the_cache_is_worked_out_again(shirt, ask):
    request = RequestFactory().get(f"{API}products/")
    key = memory_of(request, subject=PRODUCTS, view=ProductListView).key
    before = ask("products/").body
    caches["shelf"].set(key, "rubbish")

    assert ask("products/").body == before


# Settings.


def test_nothing_is_remembered_unless_the_site_says_so():
    assert CatalogSettings().CACHE is None


@pytest.mark.parametrize("seconds", [0, 61])
def test_an_answer_lives_a_minute_at_most(settings, seconds):
    turn(settings, CACHE_SECONDS=seconds)

    assert "shopkit.core.E001" in {one.id for one in run_checks(tags=["shopkit"])}


DJANGOS = "django.core.cache.backends"
QUIET = {"IGNORE_EXCEPTIONS": True}


@pytest.mark.parametrize(
    ("alias", "backend", "options", "ids"),
    [
        ("nope", f"{DJANGOS}.redis.RedisCache", {}, {"shopkit.catalog.E002"}),
        ("shelf", f"{DJANGOS}.locmem.LocMemCache", {}, {"shopkit.catalog.W001"}),
        ("shelf", f"{DJANGOS}.dummy.DummyCache", {}, {"shopkit.catalog.W001"}),
        ("shelf", f"{DJANGOS}.redis.RedisCache", {}, set()),
        ("shelf", "django_redis.cache.RedisCache", {}, set()),
        ("shelf", "django_redis.cache.RedisCache", QUIET, {"shopkit.catalog.W002"}),
    ],
)
def test_the_check_finds_a_cache_that_is_none(settings, alias, backend, options, ids):
    settings.CACHES = {
        **settings.CACHES,
        "shelf": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1", "OPTIONS": options},
    }
    turn(settings, CACHE=alias)

    assert {one.id for one in run_checks(tags=["shopkit"])} == ids


def test_a_cache_that_keeps_nothing_is_no_cache(shirt, ask, settings, monkeypatch):
    monkeypatch.setattr(quiet_cache, "_paused_until", {})
    settings.CACHES = {**settings.CACHES, "shelf": {"BACKEND": f"{DJANGOS}.dummy.DummyCache"}}

    assert [ask("products/").response.status_code for _ in range(2)] == [200, 200]
    assert ask("products/").statements > 0


def test_another_client_sees_the_same(shirt, ask):
    assert ask("products/").body == APIClient().get(f"{API}products/").content
