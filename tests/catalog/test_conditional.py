"""Freshness: who has the answer already is told so; what is private is kept nowhere."""

import pytest
from django.apps import apps
from django.core.cache import cache

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_attribute, make_category, make_product, make_variant

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture(autouse=True)
def fresh():
    """Leave nothing of another test in the cache."""
    cache.clear()


@pytest.fixture
def product(db):
    """A cup of one variant."""
    category = make_category(name="Cups", slug="cups")
    make_attribute(code="colour", values=["red"])
    cup = make_product(name="Cup", slug="cup", categories=[category])
    make_variant(product=cup, price="1000")
    return cup


READS = [
    "categories/",
    "categories/cups/",
    "products/",
    "products/?cursor=&ordering=name",
    "products/cup/",
    "attributes/",
]


@pytest.mark.parametrize("path", READS)
def test_a_catalogue_read_may_be_kept_but_must_be_asked_about(client, product, path):
    response = client.get(API + path)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"
    assert response["ETag"].strip("W/").startswith('"')
    vary = {one.strip().lower() for one in response["Vary"].split(",")}
    assert {"authorization", "cookie", "accept-language"} <= vary


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a",W/{} , "b"', "*"])
def test_who_has_it_is_told_so_without_a_body(client, product, path, form):
    etag = client.get(API + path)["ETag"]

    response = client.get(API + path, HTTP_IF_NONE_MATCH=form.format(etag))

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag
    assert response["Cache-Control"] == "no-cache"
    assert "authorization" in response["Vary"].lower()


@pytest.mark.parametrize("held", ['"other"', 'W/"other", "x"', "rubbish", '"', "{}x"])
def test_who_has_something_else_gets_the_whole_answer(client, product, held):
    whole = client.get(f"{API}products/cup/")

    response = client.get(
        f"{API}products/cup/", HTTP_IF_NONE_MATCH=held.format(whole["ETag"].strip('"'))
    )

    assert (response.status_code, response.content) == (200, whole.content)


def test_a_change_is_seen_at_once(client, product):
    paths = [f"{API}products/", f"{API}products/cup/"]
    before = {path: client.get(path)["ETag"] for path in paths}
    Product.objects.filter(pk=product.pk).update(name="Mug")

    for path in paths:
        response = client.get(path, HTTP_IF_NONE_MATCH=before[path])
        assert response.status_code == 200
        assert b"Mug" in response.content
        assert response["ETag"] != before[path]


def test_two_looks_at_the_same_are_the_same(client, product):
    first, second = client.get(f"{API}products/cup/"), client.get(f"{API}products/cup/")

    assert (first["ETag"], first.content) == (second["ETag"], second.content)


@pytest.mark.parametrize("path", READS)
def test_a_head_has_the_headers_of_the_read_and_no_body(client, product, path):
    read, head = client.get(API + path), client.head(API + path)

    assert (head.status_code, head.content) == (200, b"")
    assert {name: head[name] for name in ("ETag", "Content-Type", "Cache-Control", "Vary")} == {
        name: read[name] for name in ("ETag", "Content-Type", "Cache-Control", "Vary")
    }
    assert client.head(API + path, HTTP_IF_NONE_MATCH=read["ETag"]).status_code == 304


def test_what_is_not_there_is_not_kept(client, product):
    response = client.get(f"{API}products/no-such/", HTTP_IF_NONE_MATCH="*")

    assert response.status_code == 404
    assert "ETag" not in response


def test_a_write_knows_no_freshness(as_staff, product):
    response = as_staff.patch(
        f"{API}products/cup/", {"name": "Mug"}, format="json", HTTP_IF_NONE_MATCH="*"
    )

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    assert Product.objects.get(pk=product.pk).name == "Mug"


PRIVATE = ["cart/", "orders/"]
if apps.is_installed("shopkit.accounts"):
    PRIVATE += ["profile/", "auth/sessions/"]


@pytest.mark.parametrize("path", PRIVATE)
def test_what_is_private_is_kept_nowhere(as_user, path):
    response = as_user.get(API + path, HTTP_IF_NONE_MATCH="*")

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response


@pytest.mark.parametrize("path", ["orders/", "profile/", "auth/sessions/", "no-such/"])
def test_neither_is_a_refusal(client, path):
    assert client.get(API + path)["Cache-Control"] == "no-store"
