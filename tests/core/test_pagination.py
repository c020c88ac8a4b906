"""Lists, over the real products: numbered pages and keyset pages."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import override_settings

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_product

pytestmark = pytest.mark.django_db

URL = "/api/v1/products/"
ORDERINGS = ["", "price", "name", "created_at", "rating", "popularity"]
TIED = {"price_min": 100, "price_max": 100, "rating_avg": 100, "popularity": 1}
DIRECTIONS = [sign + name for name in ORDERINGS for sign in (("", "-") if name else ("",))]


@pytest.fixture(autouse=True)
def quiet(client):
    """Let Django answer as it would in production, with nothing left of another test."""
    client.raise_request_exception = False
    cache.clear()


@pytest.fixture
def products(db):
    """Twelve products, in threes that tie in everything one can order by."""
    made = [make_product(name=f"Name {number // 3}") for number in range(12)]
    for number, product in enumerate(made):
        group = number // 3
        Product.objects.filter(pk=product.pk).update(
            price_min=100 * group,
            price_max=100 * group,
            rating_avg=100 * group,
            popularity=group,
            created_at=made[group * 3].created_at,
        )
    return [product.pk for product in made]


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def wrong(response):
    assert (response.status_code, response.json()["status"]) == (400, 400), response.content
    return [(row["attr"], row["code"]) for row in response.json().get("errors", ())]


@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", ["abc", "0", "00", "-1", "1.5", "", " 1", "1e3", "٣", "²", "%00"])
def test_what_is_no_whole_number_above_0_is_400(client, name, value):
    assert wrong(client.get(f"{URL}?{name}={value}")) == [(name, "invalid")]


@pytest.mark.parametrize("size", ["101", "1000000000", "9" * 400])
def test_no_page_is_longer_than_a_hundred(client, size):
    for _ in range(102):
        make_product()

    assert len(ids(client.get(f"{URL}?page_size={size}"))) == 100


def test_a_page_has_twenty_rows_or_what_the_site_says(client):
    for _ in range(21):
        make_product()

    assert len(ids(client.get(URL))) == 20
    with override_settings(SHOPKIT={"API": {"PAGE_SIZE": 3}}):
        assert len(ids(client.get(URL))) == 3


def test_pages_name_their_neighbours_and_keep_the_query(client, products):
    first = client.get(f"{URL}?ordering=name&page_size=5").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert [page["count"] for page in (first, second, third)] == [12, 12, 12]
    assert [len(page["results"]) for page in (first, second, third)] == [5, 5, 2]
    assert parse_qs(urlsplit(first["next"]).query) == {
        "ordering": ["name"],
        "page_size": ["5"],
        "page": ["2"],
    }
    assert first["previous"] is None
    assert parse_qs(urlsplit(second["previous"]).query) == {
        "ordering": ["name"],
        "page_size": ["5"],
    }
    assert "page=2" in third["previous"]
    assert third["next"] is None
    assert "count_capped" not in first


def test_an_empty_list_has_one_empty_page(client):
    body = client.get(URL).json()

    assert body == {"count": 0, "next": None, "previous": None, "results": []}
    assert client.get(f"{URL}?cursor=").json() == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize("page", ["2", "99"])
def test_a_page_after_the_last_is_404(client, products, page):
    response = client.get(f"{URL}?page={page}")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@override_settings(SHOPKIT={"API": {"DEEPEST_ROW": 10}})
def test_a_page_too_deep_points_to_the_cursor(client, products):
    assert len(ids(client.get(f"{URL}?page=2&page_size=5"))) == 5

    response = client.get(f"{URL}?page=3&page_size=5")

    assert (response.status_code, response.json()["code"]) == (400, "use_cursor")


@pytest.mark.parametrize("page", ["1000000000", "9" * 400])
def test_a_page_beyond_all_numbers_is_only_too_deep(client, page):
    response = client.get(f"{URL}?page={page}")

    assert (response.status_code, response.json()["code"]) == (400, "use_cursor")


@pytest.mark.parametrize(
    ("limit", "count", "is_capped"), [(11, 11, True), (12, 12, None), (13, 12, None), (1, 5, True)]
)
def test_a_count_is_exact_as_far_as_it_is_cheap(client, products, limit, count, is_capped):
    with override_settings(SHOPKIT={"API": {"EXACT_COUNT_UP_TO": limit}}):
        body = client.get(f"{URL}?page_size=5").json()

    assert (body["count"], body.get("count_capped")) == (count, is_capped)


@override_settings(SHOPKIT={"API": {"EXACT_COUNT_UP_TO": 1}})
def test_the_last_page_knows_the_whole_count(client, products):
    body = client.get(f"{URL}?page_size=5&page=3").json()

    assert (body["count"], body.get("count_capped")) == (12, None)


def test_a_page_costs_two_statements_and_a_keyset_page_one(client, products, statements):
    with statements(2):
        client.get(f"{URL}?page_size=5&page=2")
    with statements(1):
        client.get(f"{URL}?page_size=20")
    with statements(1):
        first = client.get(f"{URL}?page_size=5&cursor=&ordering=-price").json()
    with statements(1):
        client.get(first["next"])


def walk(client, url, link="next"):
    """Return the ids of every page from ``url`` on, and the last page's body."""
    pages = []
    while url:
        response = client.get(url)
        pages.append(ids(response))
        body = response.json()
        url, last = body[link], body
        assert len(pages) < 50
    return pages, last


def start(ordering, size=5):
    chosen = f"&ordering={ordering}" if ordering else ""
    return f"{URL}?page_size={size}&cursor={chosen}"


@pytest.mark.parametrize("size", [1, 2, 4, 5, 12])
@pytest.mark.parametrize("ordering", DIRECTIONS)
def test_walking_over_ties_meets_every_row_once_and_back_again(client, products, ordering, size):
    url = f"{URL}?page_size=100&ordering={ordering}" if ordering else URL
    whole = ids(client.get(url))

    pages, last = walk(client, start(ordering, size))
    back, first = walk(client, last["previous"], "previous") if size < 12 else ([], last)

    assert [pk for page in pages for pk in page] == whole
    assert sorted(whole) == products
    assert [pk for page in reversed(back) for pk in page] == whole[: -len(pages[-1])]
    assert first["previous"] is None


@pytest.mark.parametrize("ordering", DIRECTIONS)
def test_rows_that_come_meanwhile_move_no_other(client, products, ordering):
    seen, url = [], start(ordering, 4)
    while url:
        response = client.get(url)
        seen += ids(response)
        url = response.json()["next"]
        for name in ("Aaa", "Name 1", "Zzz"):
            made = make_product(name=name)
            Product.objects.filter(pk=made.pk).update(**TIED)
        if len(seen) > 60:
            break  # newest last: the list grows as fast as it is walked

    assert len(seen) == len(set(seen))
    assert set(products) <= set(seen)


def test_a_keyset_page_stands_where_its_row_was_though_that_is_gone(client, products):
    first = client.get(start("created_at")).json()
    Product.objects.filter(pk=first["results"][-1]["id"]).delete()

    assert ids(client.get(first["next"])) == products[5:10]


def test_a_cursor_keeps_the_filters(client, products):
    body = client.get(f"{start('name', 2)}&search=name+1").json()
    rest, _ = walk(client, body["next"])

    assert [row["id"] for row in body["results"]] + rest[0] == products[3:6]
    assert len(rest) == 1


def packed(*place):
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def cursor_of(url):
    return parse_qs(urlsplit(url).query)["cursor"][0]


RUBBISH = [
    "x",
    "abcd",
    "%00",
    "%F0%9F%8D%8E",
    "====",
    "A" * 5_000,
    packed(),
    packed(0),
    packed(0, "name", "x"),
    packed(0, "name", "x", "1", "2"),
    packed(0, "price_min", "1", "1"),
    packed(0, "name", "x", "one"),
    packed(0, "name", "x", 1),
    packed(0, "name", None, "1"),
    packed(0, "name", ["x"], "1"),
    packed(0, "name", {"a": 1}, "1"),
    packed(0, "name", "a\x00b", "1"),
    packed(0, "name", "\ud800", "1"),
    packed(0, "name", "x", "9" * 30),
    packed(0, "name", "x", "-" + "9" * 30),
    packed(0, "name", "x", "9" * 5_000),
    packed(0, "name", "x", "1.5"),
    packed(0, "name", "x", None),
    packed(0, "password", "x", "1"),
    base64.urlsafe_b64encode(b'{"a": 1}').decode(),
    base64.urlsafe_b64encode(b"[" * 9_000).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


@pytest.mark.parametrize("cursor", RUBBISH)
def test_a_cursor_that_is_none_of_ours_is_400(client, products, cursor):
    response = client.get(f"{URL}?ordering=name&cursor={cursor}")

    assert wrong(response) == [("cursor", "invalid_cursor")]


@pytest.mark.parametrize(
    ("ordering", "column", "value"),
    [
        ("price", "price_min", "NaN"),
        ("price", "price_min", "sNaN"),
        ("price", "price_min", "Infinity"),
        ("price", "price_min", "1e999999999"),
        ("price", "price_min", "None"),
        ("price", "price_min", ""),
        ("created_at", "created_at", "yesterday"),
        ("created_at", "created_at", "2026-01-01"),
        ("created_at", "created_at", "2026-01-01T00:00:00"),
        ("created_at", "created_at", "0001-01-01T00:00:00+23:59"),
        ("created_at", "created_at", "9999-12-31T23:59:59-23:59"),
        ("created_at", "created_at", "2026-13-01T00:00:00+00:00"),
        ("rating", "rating_avg", "9" * 30),
        ("rating", "rating_avg", "x"),
        ("popularity", "popularity", "9" * 30),
        ("popularity", "popularity", "1.5"),
    ],
)
def test_a_place_that_the_column_cannot_hold_is_400(client, products, ordering, column, value):
    response = client.get(f"{URL}?ordering={ordering}&cursor={packed(0, column, value, '1')}")

    assert wrong(response) == [("cursor", "invalid_cursor")]


def test_a_cursor_of_another_ordering_is_400(client, products):
    by_name = cursor_of(client.get(start("name")).json()["next"])

    for ordering in ("-name", "price", "-created_at"):
        response = client.get(f"{URL}?ordering={ordering}&cursor={by_name}")
        assert wrong(response) == [("cursor", "invalid_cursor")]


@pytest.mark.parametrize("cut", [1, 2, 3, 7])
def test_a_cursor_cut_short_is_400(client, products, cut):
    whole = cursor_of(client.get(start("name")).json()["next"])

    response = client.get(f"{URL}?ordering=name&cursor={whole[:-cut]}")

    assert wrong(response) == [("cursor", "invalid_cursor")]
