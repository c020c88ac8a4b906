"""The memory itself: what it keeps, for how long, for whom, and what it does when it breaks."""

import logging
import time
from collections import Counter

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.checks import run_checks
from django.db import connection, transaction
from django.test import RequestFactory
from rest_framework.test import APIClient
from rest_framework.throttling import AnonRateThrottle

from shopkit.catalog import freshness
from shopkit.catalog.api.remembering import PATIENCE, Memory, memory_of, whole_answer
from shopkit.catalog.api.views import ProductListView
from shopkit.catalog.conf import CatalogSettings
from shopkit.catalog.freshness import PRODUCTS, TREE, catalog_changed, token_key
from shopkit.catalog.models import Category, Product
from shopkit.catalog.services.products import update_product
from shopkit.core import quiet_cache
from shopkit.core.api import credentials
from shopkit.core.quiet_cache import QuietCache
from shopkit.inventory.services import adjust
from tests.threads import at_once

from .conftest import API, turn

LISTS = ["categories/", "categories/clothes/", "products/", "products/?cursor="]


def tokens():
    return {subject: caches["shelf"].get(token_key(subject)) for subject in (PRODUCTS, TREE)}


def memory(key="question"):
    return Memory(QuietCache("shelf"), PRODUCTS, key)


def answer(text):
    return whole_answer(text.encode(), "text/plain")


def said(found):
    return found and found.pieces[0].decode()


# What it costs.


@pytest.mark.parametrize("path", LISTS)
def test_what_is_remembered_takes_no_statement(shirt, ask, path):
    first, second = ask(path), ask(path)

    assert first.statements > 0
    assert second.statements == 0
    assert second.body == first.body


@pytest.mark.parametrize("path", LISTS)
def test_to_be_told_that_nothing_changed_takes_none_either(shirt, ask, path):
    etag = ask(path).response["ETag"]

    again = ask(path, HTTP_IF_NONE_MATCH=etag)

    assert (again.response.status_code, again.body, again.statements) == (304, b"", 0)
    assert again.response["ETag"] == etag


def test_a_page_of_a_product_takes_one_for_what_is_left(shirt, ask):
    first, second = ask("products/shirt/"), ask("products/shirt/")

    assert (first.statements, second.statements) == (2, 1)
    assert second.body == first.body
    assert ask("products/shirt/", HTTP_IF_NONE_MATCH=first.response["ETag"]).statements == 1


@pytest.mark.parametrize("path", [*LISTS, "products/shirt/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_headers_do_not_tell_where_an_answer_comes_from(shirt, client, settings, path, method):
    ask = getattr(client, method)
    ask(API + path)
    remembered = ask(API + path)
    turn(settings, CACHE=None)
    plain = ask(API + path)

    assert dict(remembered.items()) == dict(plain.items())
    assert remembered.content == plain.content


# Units.


def test_units_are_never_remembered(shirt, ask):
    small = shirt.variants.get(sku="S")
    before = ask("products/shirt/").response.json()
    ask("products/")
    kept = tokens()

    adjust(variant=small.pk, delta=-2)

    after = ask("products/shirt/").response.json()
    assert [one["available"] for one in before["variants"]] == [3, 3]
    assert [one["available"] for one in after["variants"]] == [1, 3]
    # Nothing else had to be worked out again.
    assert tokens() == kept
    assert ask("products/").statements == 0


def test_the_last_unit_of_a_variant_is_seen_at_once(shirt, ask):
    ask("products/shirt/")
    adjust(variant=shirt.variants.get(sku="S").pk, delta=-3)

    shown = ask("products/shirt/").response.json()

    assert [one["in_stock"] for one in shown["variants"]] == [False, True]
    assert shown["in_stock"] is True


def test_the_last_unit_of_a_product_makes_lists_old(shirt, ask):
    assert ask("products/").response.json()["results"][0]["in_stock"] is True
    for one in shirt.variants.all():
        adjust(variant=one.pk, delta=-3)

    assert ask("products/").response.json()["results"][0]["in_stock"] is False


def test_a_text_that_looks_like_a_place_is_a_text(shirt, ask):
    update_product(shirt, changes={"description": '":0:available" "in_stock":true'})
    ask("products/shirt/")

    shown = ask("products/shirt/").response.json()

    assert shown["description"] == '":0:available" "in_stock":true'
    assert [one["available"] for one in shown["variants"]] == [3, 3]


def test_a_shop_that_does_not_count_answers_without_a_statement(shirt, ask, settings):
    turn(settings, AVAILABILITY="shopkit.catalog.availability.UnlimitedAvailability")
    first, second = ask("products/shirt/"), ask("products/shirt/")

    assert second.statements == 0
    assert second.body == first.body
    assert [one["available"] for one in second.response.json()["variants"]] == [None, None]


# For whom.


def test_what_staff_see_is_not_remembered(shirt, ask, as_staff):
    update_product(shirt, changes={"is_active": False})

    assert as_staff.get(f"{API}products/shirt/").status_code == 200
    assert ask("products/shirt/").response.status_code == 404
    assert as_staff.get(f"{API}products/shirt/").status_code == 200


def test_who_is_signed_in_is_answered_afresh_and_not_remembered(shirt, ask, as_user):
    ask("products/")
    with connection.cursor() as cursor:  # unnoticed, so that it shows who is answered from where
        cursor.execute("UPDATE shopkit_catalog_product SET name = 'By hand'")

    assert as_user.get(f"{API}products/").json()["results"][0]["name"] == "By hand"
    assert ask("products/").response.json()["results"][0]["name"] == "Shirt"


def test_a_cookie_that_signs_nobody_in_is_no_credential(shirt, ask, client):
    ask("products/")
    client.cookies["theme"] = "dark"

    assert ask("products/").statements == 0


def test_a_wrong_token_is_refused_all_the_same(shirt, ask):
    ask("products/")

    assert ask("products/", HTTP_AUTHORIZATION="Bearer nonsense").response.status_code == 401


def test_throttles_count_what_comes_from_memory(shirt, client, ask, monkeypatch):
    class TwiceADay(AnonRateThrottle):
        rate = "2/day"

    monkeypatch.setattr(ProductListView, "throttle_classes", [TwiceADay])
    credentials._has_known_rules.cache_clear()
    caches["default"].clear()

    statuses = [ask("products/").response.status_code for _ in range(3)]

    credentials._has_known_rules.cache_clear()
    assert statuses == [200, 200, 429]


class SiteList(ProductListView):
    """A view of a site, which may show anything."""

    permission_classes = ProductListView.permission_classes


class SiteListThatRemembers(ProductListView):
    """A view of a site that says that it depends on nothing else."""

    remembers = PRODUCTS


@pytest.mark.parametrize(("view", "statements"), [(SiteList, 2), (SiteListThatRemembers, 0)])
def test_a_view_of_the_site_is_remembered_when_it_says_so(
    shirt, django_assert_num_queries, view, statements
):
    serve = view.as_view(route_name="product-list")
    Product.objects.bulk_create(Product(name=f"P{n}", slug=f"p{n}") for n in range(30))
    request = RequestFactory().get(f"{API}products/")
    first = serve(request)
    with django_assert_num_queries(statements):
        second = serve(request)

    assert (second.status_code, second.content) == (200, first.content)


# Which question.


def test_languages_currencies_and_page_sizes_are_kept_apart(shirt, ask, settings):
    update_product(shirt, changes={"translations": {"uz": {"name": "Koʻylak"}}})

    def card(**headers):
        return ask("products/", **headers).response.json()["results"][0]

    assert card()["name"] == "Shirt"
    assert card(HTTP_ACCEPT_LANGUAGE="uz")["name"] == "Koʻylak"
    settings.SHOPKIT = {**settings.SHOPKIT, "CORE": {"CURRENCY": "JPY"}}
    assert (card()["currency"], card()["price"]) == ("JPY", "100")
    Product.objects.create(name="Another", slug="another")
    ask("products/")
    settings.SHOPKIT = {**settings.SHOPKIT, "API": {"PAGE_SIZE": 1}}
    assert len(ask("products/").response.json()["results"]) == 1


def test_the_order_of_parameters_does_not_matter_but_that_of_equal_ones_does(shirt, ask):
    Product.objects.create(name="Another", slug="another")
    ask("products/?page_size=1&page=2")

    assert ask("products/?page=2&page_size=1").statements == 0
    assert ask("products/?page=2&page=1&page_size=1").response.json()["previous"] is None
    assert ask("products/?page=1&page=2&page_size=1").response.json()["next"] is None


def test_hosts_are_kept_apart_because_links_name_them(shirt, ask):
    Product.objects.create(name="Another", slug="another")
    ask("products/?page_size=1", HTTP_HOST="a.example")

    link = ask("products/?page_size=1", HTTP_HOST="b.example").response.json()["next"]

    assert link.startswith("http://b.example/")


@pytest.mark.parametrize(
    "path", ["products/?search=shirt", "products/?q=x", "categories/?search=c"]
)
def test_what_people_type_is_not_remembered(shirt, ask, path):
    ask(path)

    assert ask(path).statements > 0


@pytest.mark.parametrize("path", ["products/nope/", "products/?category=nope", "products/?x=1"])
def test_refusals_are_not_remembered(shirt, ask, path):
    first, second = ask(path).response, ask(path).response

    assert first.status_code == second.status_code
    assert 400 <= second.status_code < 500
    assert second["Content-Type"] == "application/problem+json"


# Changes.


def test_a_reader_that_began_before_a_write_leaves_nothing_old(remembering):
    def build():
        catalog_changed()  # a writer commits while we read
        return answer("old")

    assert said(memory().recall(build)) == "old"
    assert memory().look() is None


class ReadsTheTokenLate(Memory):
    """The naive form: what was read before a write is kept as what was read after it."""

    def _keep(self, answer):
        self.look()
        return super()._keep(answer)


def test_the_token_read_late_would_keep_the_old(remembering):
    def build():
        catalog_changed()
        return answer("old")

    ReadsTheTokenLate(QuietCache("shelf"), PRODUCTS, "question").recall(build)

    assert said(memory().look()) == "old"


def test_a_token_that_was_lost_comes_back_as_another_one(remembering):
    memory().recall(lambda: answer("old"))
    before = tokens()[PRODUCTS]
    remembering.delete(token_key(PRODUCTS))

    assert memory().look() is None
    assert tokens()[PRODUCTS] not in {None, before}


def test_what_is_not_committed_is_neither_remembered_nor_hidden(shirt, ask):
    before = ask("products/").body
    kept = tokens()
    with transaction.atomic():
        Product.objects.update(name="Draft")
        assert b"Draft" in ask("products/").body
        transaction.set_rollback(True)

    assert tokens() == kept
    assert ask("products/").body == before
    assert ask("products/").statements == 0


def test_many_changes_in_one_transaction_are_one_renewal(shirt):
    with transaction.atomic():
        for number in range(20):
            Product.objects.update(popularity=number)
            shirt.variants.update(weight=number)
        renewals = [call for _, call, _ in connection.run_on_commit]

    assert len(renewals) == 1


def test_a_product_leaves_the_tree_alone(shirt):
    before = tokens()
    Product.objects.update(rating_avg=100)
    after = tokens()

    assert after[TREE] == before[TREE]
    assert after[PRODUCTS] != before[PRODUCTS]


def test_an_update_of_no_row_changes_nothing(shirt):
    before = tokens()
    Category.objects.filter(slug="none").update(name="x")

    assert tokens() == before


def test_a_renewal_that_got_lost_is_made_up_for_by_age(shirt, ask, settings):
    turn(settings, CACHE_SECONDS=1)
    ask("products/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shopkit_catalog_product SET name = 'Unnoticed'")
    time.sleep(1.1)

    assert b"Unnoticed" in ask("products/").body


# Many at once.


class BuildsWithoutALock(Memory):
    """The naive form: whoever finds nothing works it out."""

    def _is_mine_to_build(self):
        return True


@pytest.mark.parametrize(("kind", "most"), [(Memory, 1), (BuildsWithoutALock, 20)])
def test_of_many_that_find_nothing_one_works_it_out(remembering, kind, most):
    built = Counter()

    def build():
        built["times"] += 1
        time.sleep(0.05)
        return answer("new")

    catalog_changed()
    asks = [lambda: said(kind(QuietCache("shelf"), PRODUCTS, "question").recall(build))] * 20

    assert at_once(asks) == ["new"] * 20
    assert built["times"] == most if most == 1 else built["times"] > 1


def test_an_aging_answer_is_renewed_by_one_and_served_to_the_others(remembering, monkeypatch):
    monkeypatch.setattr("shopkit.catalog.api.remembering.EARLY", 0)
    memory().recall(lambda: answer("first"))
    meanwhile = []

    def build():
        meanwhile.append(said(memory().recall(lambda: answer("nobody asks me"))))
        return answer("second")

    assert said(memory().recall(build)) == "second"
    assert meanwhile == ["first"]


def test_nobody_waits_long_for_a_builder_that_died(remembering):
    dead = memory()
    dead.look()
    dead._is_mine_to_build()
    began = time.monotonic()

    assert memory().recall(lambda: answer("new")) is None
    assert PATIENCE <= time.monotonic() - began < 2


def test_a_builder_that_fails_lets_the_next_one_build(remembering):
    with pytest.raises(ZeroDivisionError):
        memory().recall(lambda: 1 / 0)

    assert said(memory().recall(lambda: answer("new"))) == "new"


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
    monkeypatch.setattr(freshness, "_owed", {})
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


def test_a_cache_that_failed_is_left_alone_for_a_moment(broken):
    cache = QuietCache("shelf")
    assert cache.get_many(["x"]) == {}
    broken.is_broken = False

    assert not cache.add("x", 1, seconds=None)
    time.sleep(quiet_cache.PAUSE)
    assert cache.add("x", 1, seconds=None)


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
