"""GET products/ with ``search``: by relevance, in pages of both kinds, with every filter."""

import pytest
from rest_framework.test import APIClient

from shopkit.catalog.models import Product
from shopkit.catalog.services.cached import refresh_products
from shopkit.catalog.testing import (
    make_attribute,
    make_category,
    make_product,
    make_variant,
    value_of,
)
from tests.settings import ENGINE

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"
BACKENDS = ["database.DatabaseSearch"]
if ENGINE == "postgres":
    BACKENDS.append("postgres.PostgresSearch")


@pytest.fixture(autouse=True, params=BACKENDS)
def backend(request, settings):
    chosen = {"BACKEND": f"shopkit.catalog.search.{request.param}"}
    catalog = {**settings.SHOPKIT["CATALOG"], "SEARCH": chosen}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}


def make(name, *, popularity=0, price=100, **fields):
    product = make_variant(product=make_product(name=name, **fields), price=price).product
    Product.objects.filter(pk=product.pk).update(popularity=popularity)
    return product


def names(answer):
    assert answer.status_code == 200, answer.content
    return [card["name"] for card in answer.json()["results"]]


@pytest.fixture
def lamps():
    make("Oak lamp", popularity=50)
    make("Lamp", popularity=1)
    make("Lamp shade", popularity=2)
    make("Lamp stand", popularity=9)
    make("Lampion", popularity=99)
    make("Chair", popularity=999)


def test_the_best_answer_comes_first_and_of_equals_the_more_popular(client, lamps):
    assert names(client.get(URL, {"search": "lamp"})) == [
        "Lamp",  # the name itself
        "Lamp stand",  # begins so, with the whole word; more popular
        "Lamp shade",
        "Lampion",  # begins so, with a longer word
        "Oak lamp",
    ]


def test_relevance_may_be_named(client, lamps):
    named = client.get(URL, {"q": "lamp", "ordering": "relevance"})

    assert names(named) == names(client.get(URL, {"q": "lamp"}))


def test_another_ordering_wins(client, lamps):
    assert names(client.get(URL, {"q": "lamp", "ordering": "-popularity"})) == [
        "Lampion", "Oak lamp", "Lamp stand", "Lamp shade", "Lamp",
    ]  # fmt: skip


def test_a_name_beats_a_value_however_popular(client):
    colour = make_attribute(code="colour", values=["Lamp"])
    product = make("Chair", popularity=2**31 - 1)
    product.attribute_values.create(attribute=colour, value=value_of(colour, "Lamp"))
    refresh_products([product.pk])
    make("Green lamp")

    assert names(client.get(URL, {"q": "lamp"})) == ["Green lamp", "Chair"]


def test_relevance_without_a_search_is_refused(client):
    answer = client.get(URL, {"ordering": "relevance"})

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["attr"], error["code"]) == ("ordering", "needs_search")
    assert client.get(URL, {"ordering": "-relevance", "q": "x"}).status_code == 400


@pytest.mark.parametrize("text", ["", "  ", "%", "—"])
def test_a_search_without_a_word_is_no_search(client, lamps, text):
    answer = client.get(URL, {"search": text, "ordering": "relevance"})

    assert names(answer) == names(client.get(URL))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_and_cursors_give_every_row_once_in_the_same_order(client, lamps, size):
    whole = names(client.get(URL, {"q": "lamp"}))

    for mode in ({"page": 1}, {"cursor": ""}):
        seen, back, answer = [], [], client.get(URL, {"q": "lamp", "page_size": size, **mode})
        while True:
            seen += names(answer)
            body = answer.json()
            if body["next"] is None:
                break
            answer = client.get(body["next"])
        assert seen == whole
        while True:
            back = names(answer) + back
            body = answer.json()
            if body["previous"] is None:
                break
            answer = client.get(body["previous"])
        assert back == whole


def test_a_cursor_of_another_ordering_is_refused(client, lamps):
    other = client.get(URL, {"ordering": "-popularity", "cursor": "", "page_size": 1}).json()
    cursor = other["next"].partition("cursor=")[2].partition("&")[0]

    answer = client.get(URL, {"q": "lamp", "cursor": cursor})

    assert answer.json()["errors"][0]["code"] == "invalid_cursor"


def test_filters_work_on_what_is_found(client):
    category = make_category(name="Light")
    make("Lamp one", categories=[category], price=50)
    make("Lamp two", categories=[category], price=500)
    make("Lamp three")

    asked = {"q": "lamp", "category": category.slug}
    assert sorted(names(client.get(URL, asked))) == ["Lamp one", "Lamp two"]
    assert names(client.get(URL, {**asked, "max_price": "100"})) == ["Lamp one"]
    assert names(client.get(URL, {**asked, "ordering": "-price"})) == ["Lamp two", "Lamp one"]
    assert names(client.get(URL, {**asked, "cursor": "", "page_size": 1}))


@pytest.mark.parametrize("mode", [{"cursor": ""}, {"page": 1}])
def test_a_page_of_a_search_is_one_statement(lamps, mode, django_assert_num_queries):
    with django_assert_num_queries(1):
        APIClient().get(URL, {"q": "lamp", **mode})


def test_the_count_is_that_of_the_search(client, lamps):
    assert client.get(URL, {"q": "lamp", "page_size": 2}).json()["count"] == 5


def test_barcodes_and_skus_find_their_product(client):
    make_variant(product=make_product(name="Cup"), sku="CUP-77", barcode="4780000000017")

    for text in ("cup-77", "CUP77", "4780000000017"):
        assert names(client.get(URL, {"q": text})) == ["Cup"]


def test_descriptions_and_categories_are_not_looked_in(client):
    kitchen = make_category(name="Kitchen")
    make("Cup", description="A fine thing", categories=[kitchen])

    assert names(client.get(URL, {"q": "fine"})) == []
    assert names(client.get(URL, {"q": "kitchen"})) == []
