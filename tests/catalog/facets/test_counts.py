"""Counts beside those of the slow and obvious way, for catalogues and choices made by dice."""

from decimal import Decimal

import pytest
from django.db import connection

from shopkit.catalog.models import Category, Product

from .naive import Naive, counts_of
from .shop import WORDS, change_something, choose, make_shop

URL = "/api/v1/products/"
POSTGRES = {"BACKEND": "shopkit.catalog.search.postgres.PostgresSearch"}


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


def with_all_that_narrows(dice, query):
    """Return the query with a search, a range, a moment and keys, so that something is left."""
    keys = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    kept = sorted(dice.sample(keys, len(keys) * 4 // 5), key=lambda _: dice.random())
    low = dice.choice(("", "8", "9"))
    return {
        **query,
        "attr": [*query["attr"], f"memory:{low}..{dice.choice(('8', '16')) if low != '9' else ''}"],
        "search": dice.choice(WORDS)[: dice.randint(3, 5)],
        "ids": ",".join(map(str, kept)),
        "created_after": Product.objects.get(pk=keys[2]).created_at.isoformat(),
        "ordering": dice.choice(("relevance", "-popularity", "price", "")),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_with_a_search_keys_a_moment_and_a_range_the_promise_is_kept_too(client, seed, settings):
    if connection.vendor == "postgresql":
        own = {**settings.SHOPKIT["CATALOG"], "SEARCH": POSTGRES}
        settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": own}
    dice = make_shop(seed, products=40)
    places, followed = visible(), 0
    for _ in range(6):
        shopper = choose(dice, places)
        shopper.min_price = shopper.max_price = shopper.min_rating = None
        shopper.values.pop("memory", None)
        query = with_all_that_narrows(dice, shopper.query())
        answer = client.get(URL, {**query, "facets": "1", "page_size": "2"}).json()
        assert answer["count"] == client.get(URL, query).json()["count"], query
        for choice, count in offered(answer["facets"], query):
            got = client.get(URL, query | choice)
            assert got.status_code == 200, got.content
            assert got.json()["count"] == count, query | choice
            followed += count > 0
    assert followed > 10
