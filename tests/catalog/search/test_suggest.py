"""GET search/suggest/: what somebody who is typing may mean."""

import pytest
from rest_framework.test import APIClient

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_category, make_product, make_variant

from .test_list import backend  # noqa: F401 - on every backend

pytestmark = pytest.mark.django_db
URL = "/api/v1/search/suggest/"


def make(name, **fields):
    return make_variant(product=make_product(name=name, **fields)).product


def names(answer, kind="products"):
    assert answer.status_code == 200, answer.content
    return [one["name"] for one in answer.json()[kind]]


def test_products_and_categories_that_begin_so(client):
    light = make_category(name="Lamps", translations={"uz": {"name": "Lampalar"}})
    lamp = make("Lamp", translations={"uz": {"name": "Chiroq"}}, categories=[light])
    make("Chair")

    assert client.get(URL, {"q": "la"}).json() == {
        "products": [{"id": lamp.pk, "slug": lamp.slug, "name": "Lamp", "image": None}],
        "categories": [{"id": light.pk, "slug": "lamps", "name": "Lamps"}],
    }
    uzbek = client.get(URL, {"q": "chir"}, headers={"Accept-Language": "uz"})
    assert names(uzbek) == ["Chiroq"]
    uzbek = client.get(URL, {"q": "лампа"}, headers={"Accept-Language": "uz"})
    assert names(uzbek, "categories") == ["Lampalar"]


def test_a_product_shows_its_picture(client):
    product = make("Lamp")
    image = product.images.create(file="lamp.png", alt="A lamp", width=1, height=1)
    Product.objects.update(primary_image=image)

    [found] = client.get(URL, {"q": "lamp"}).json()["products"]

    assert found["image"]["alt"] == "A lamp"
    assert found["image"]["url"].endswith("lamp.png")


def test_what_begins_so_comes_first_then_what_is_popular(client):
    make("Oak lamp")
    for name, popularity in (("Lamp a", 1), ("Lamp b", 5)):
        Product.objects.filter(pk=make(name).pk).update(popularity=popularity)

    assert names(client.get(URL, {"q": "lam"})) == ["Lamp b", "Lamp a", "Oak lamp"]


def test_there_are_never_more_than_ten_entries(client):
    for number in range(12):
        make(f"Lamp {number}")
        make_category(name=f"Lamps {number}")

    body = client.get(URL, {"q": "lamp"}).json()

    assert (len(body["products"]), len(body["categories"])) == (7, 3)


def test_hidden_products_and_branches_are_not_suggested(client):
    hidden = make_category(name="Lamps", is_active=False)
    make_category(name="Lamps of oak", parent=hidden)
    make("Lamp", is_active=False)

    assert client.get(URL, {"q": "lamp"}).json() == {"products": [], "categories": []}


def test_it_takes_two_statements(django_assert_num_queries):
    make_category(name="Lamps")
    make("Lamp")

    with django_assert_num_queries(2):
        APIClient().get(URL, {"q": "lamp"})


@pytest.mark.parametrize("text", ["%%", "— —", "''"])
def test_without_a_word_there_is_nothing_to_suggest(client, text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(URL, {"q": text}).json() == {"products": [], "categories": []}


@pytest.mark.parametrize(
    ("query", "attr", "code"),
    [
        ({}, "q", "required"),
        ({"q": "a"}, "q", "min_length"),
        ({"q": " a "}, "q", "min_length"),
        ({"q": "a" * 201}, "q", "max_length"),
        ({"q": "la\x00mp"}, "q", "null_characters_not_allowed"),
        ({"q": "lamp", "page": 2}, "page", "unknown_filter"),
        ({"q": "lamp", "limit": 5}, "limit", "unknown_filter"),
        ({"search": "lamp"}, "search", "unknown_filter"),
    ],
)
def test_bad_questions_are_refused(client, query, attr, code):
    answer = client.get(URL, query)

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["attr"], error["code"]) == (attr, code)


def test_the_answer_has_an_etag_and_is_not_sent_twice(client):
    make("Lamp")
    first = client.get(URL, {"q": "lamp"})

    again = client.get(URL, {"q": "lamp"}, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_but_reading_is_possible(client):
    assert client.post(URL, {}).status_code == 405
