"""Counts beside those of the slow and obvious way, for catalogues and choices made by dice."""

from decimal import Decimal

import pytest

from shopkit.catalog.models import Category

from .naive import Naive, counts_of
from .shop import change_something, choose, make_shop

URL = "/api/v1/products/"


def ask(client, shopper, **more):
    answer = client.get(URL, {**shopper.query(), "facets": "1", "page_size": "3", **more})
    assert answer.status_code == 200, answer.content
    return answer.json()


def agree(body, naive, shopper):
    told, right = counts_of(body), naive.facets(shopper)
    right["price"] = tuple(None if one is None else f"{one:.2f}" for one in right["price"])
    assert told == right
    prices = [one.price_min for one in naive.left(shopper, but="price")]
    ranges = body["facets"]["price"]["ranges"]
    assert sum(one["count"] for one in ranges) == len(prices)
    for one in ranges:
        low, high = Decimal(one["min"]), Decimal(one["max"])
        assert one["count"] == sum(low <= price <= high for price in prices) > 0


def visible():
    return list(Category.objects.visible().order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_what_counting_one_by_one_gives(client, seed):
    dice = make_shop(seed)
    naive, places = Naive(), visible()

    for _ in range(25):
        shopper = choose(dice, places)
        agree(ask(client, shopper), naive, shopper)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_counts_stay_right_while_the_catalogue_changes(client, seed):
    """What the process remembers is carried on from change to change, never read anew."""
    dice = make_shop(seed)
    for _ in range(30):
        change_something(dice)
        shopper = choose(dice, visible())
        agree(ask(client, shopper), Naive(), shopper)


def offered(facets, query):
    """Yield (the query with a further choice, the products it was said to leave)."""
    for one in facets["categories"]:
        yield {"category": one["id"]}, one["count"]
    for attribute in facets["attributes"]:
        others = [pair for pair in query["attr"] if not pair.startswith(attribute["code"])]
        for value in attribute["values"]:
            yield {"attr": [*others, f"{attribute['code']}:{value['value']}"]}, value["count"]
    for one in facets["price"]["ranges"]:
        yield {"min_price": one["min"], "max_price": one["max"]}, one["count"]
    for one in facets["rating"]:
        yield {"min_rating": one["min_rating"]}, one["count"]
    for name in ("in_stock", "on_sale"):
        yield from (({name: text}, count) for text, count in facets[name].items())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [11, 12])
def test_the_list_with_each_offered_choice_has_as_many_products_as_was_promised(client, seed):
    dice = make_shop(seed)
    places = visible()
    for _ in range(3):
        shopper = choose(dice, places)
        query = shopper.query()
        for choice, count in offered(ask(client, shopper)["facets"], query):
            answer = client.get(URL, query | choice)
            assert answer.status_code == 200, answer.content
            assert answer.json()["count"] == count, query | choice
