"""The memory itself: what it keeps, and for whom."""

import json
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from rest_framework.throttling import AnonRateThrottle

from shopkit.catalog.api.remembering import Memory, whole_answer
from shopkit.catalog.api.views import ProductListView
from shopkit.catalog.freshness import PRODUCTS, TREE, token_key
from shopkit.catalog.models import Product
from shopkit.catalog.services.products import update_product
from shopkit.core.api import credentials
from shopkit.core.quiet_cache import QuietCache
from shopkit.inventory.services import adjust

from .conftest import API, turn

LISTS = [
    "categories/",
    "categories/clothes/",
    "products/",
    "products/?cursor=",
    "products/?facets=1",
]


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


@pytest.mark.skipif(
    not apps.is_installed("shopkit.accounts"), reason="skipped: nobody here knows what a token is"
)
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
    "path",
    ["products/?search=shirt", "products/?q=x", "categories/?search=c", "products/?ids=1,2"],
)
def test_what_people_type_or_looked_at_is_not_remembered(shirt, ask, path):
    ask(path)

    assert ask(path).statements > 0


@pytest.mark.parametrize(
    ("query", "content_type"),
    [
        (f"material:{quote('Хлопок')}", "text/plain; charset=koi8-r"),
        (f"material:{quote('Хлопок'.encode().decode('latin-1'))}", "text/plain"),
    ],
)
def test_the_same_letters_in_another_encoding_are_another_question(
    shirt, client, query, content_type
):
    """Else anybody could put an empty page in the place of one that is not."""
    update_product(shirt, changes={"attributes": {"material": "Хлопок"}})
    path = f"{API}products/?attr="
    wrong = client.generic("GET", path + query, b"x", content_type)
    assert wrong.json()["results"] == []

    bare = "Хлопок".encode().decode("latin-1")
    for asked in (quote("Хлопок"), bare):
        request = RequestFactory().get(path)
        request.META["QUERY_STRING"] = f"attr=material:{asked}"
        found = ProductListView.as_view(route_name="product-list")(request)
        assert json.loads(found.content)["count"] == 1


@pytest.mark.parametrize("path", ["products/nope/", "products/?category=nope", "products/?x=1"])
def test_refusals_are_not_remembered(shirt, ask, path):
    first, second = ask(path).response, ask(path).response

    assert first.status_code == second.status_code
    assert 400 <= second.status_code < 500
    assert second["Content-Type"] == "application/problem+json"
