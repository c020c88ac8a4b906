"""Likes, and what products say of them."""

import pytest

from shopkit.catalog.models import Product
from shopkit.catalog.services.related import set_related
from shopkit.catalog.testing import make_variant
from shopkit.reviews.models import Like

from .conftest import API

pytestmark = pytest.mark.django_db


def likes_of(product):
    return Product.objects.values_list("likes_count", flat=True).get(pk=product.pk)


def test_a_like_has_the_shape_of_the_contract(as_user, product):
    answer = as_user.put(f"{API}products/{product.slug}/like/")

    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"product", "created_at"}
    assert body["created_at"].endswith("Z")
    [card] = as_user.get(f"{API}products/").json()["results"]
    assert body["product"] == card
    assert (card["likes_count"], card["is_liked"]) == (1, True)


def test_liking_again_changes_nothing_and_neither_does_ending_it_twice(as_user, product):
    path = f"{API}products/{product.pk}/like/"
    first, second = as_user.put(path).json(), as_user.put(path).json()

    assert second == first
    assert likes_of(product) == 1
    assert [as_user.delete(path).status_code for _ in range(2)] == [204, 204]
    assert likes_of(product) == Like.objects.count() == 0


def test_likes_are_ones_own(client, as_user, as_other, product):
    as_user.put(f"{API}products/{product.pk}/like/")

    assert as_other.get(f"{API}likes/").json()["count"] == 0
    assert as_other.delete(f"{API}products/{product.pk}/like/").status_code == 204
    assert likes_of(product) == 1
    for path, shows in (("products/", True), (f"products/{product.pk}/", False)):
        for caller, is_liked in ((as_user, True), (as_other, False), (client, None)):
            body = caller.get(f"{API}{path}").json()
            card = body["results"][0] if shows else body
            assert (card["likes_count"], card.get("is_liked")) == (1, is_liked)
            assert ("is_liked" in card) is (caller is not client)


def test_a_related_product_says_whether_one_likes_it(client, as_user, product):
    others = [make_variant().product.pk for _ in range(2)]
    set_related(product, related=others)
    as_user.put(f"{API}products/{others[1]}/like/")

    for caller, told in ((as_user, [False, True]), (client, [None, None])):
        cards = caller.get(f"{API}products/{product.pk}/related/").json()
        assert [card["id"] for card in cards] == others
        assert [card.get("is_liked") for card in cards] == told


@pytest.mark.parametrize(("path", "statements"), [("", 2), ("{}/", 3), ("{}/related/", 4)])
def test_likes_are_one_statement_more_however_many_products_there_are(
    as_user, product, django_assert_max_num_queries, path, statements
):
    others = [make_variant().product.pk for _ in range(4)]
    set_related(product, related=others)
    url = f"{API}products/{path.format(product.pk)}"
    with django_assert_max_num_queries(statements):  # one fewer where nobody counts the stock
        as_user.get(url)


def test_what_is_not_on_sale_is_liked_by_nobody_new_and_hidden(as_user, product):
    as_user.put(f"{API}products/{product.pk}/like/")
    Product.objects.update(is_active=False)

    assert as_user.put(f"{API}products/{product.pk}/like/").status_code == 404
    assert as_user.put(f"{API}products/nothing/like/").status_code == 404
    assert as_user.get(f"{API}likes/").json()["results"] == []
    assert as_user.delete(f"{API}products/{product.pk}/like/").status_code == 204
    assert likes_of(product) == 0


def test_likes_come_newest_first_in_pages_and_by_cursor(as_user, product):
    products = [product, *(make_variant().product for _ in range(4))]
    for each in products:
        as_user.put(f"{API}products/{each.pk}/like/")
    newest = [each.pk for each in reversed(products)]

    page = as_user.get(f"{API}likes/?page_size=2&page=2").json()
    assert [one["product"]["id"] for one in page["results"]] == newest[2:4]
    found, path = [], f"{API}likes/?page_size=2&cursor="
    while path:
        page = as_user.get(path).json()
        found += [one["product"]["id"] for one in page["results"]]
        path = page["next"]
    assert found == newest
    assert as_user.get(f"{API}likes/?colour=red").status_code == 400


def test_pages_take_the_same_statements_however_long(as_user, product, statements):
    for count in (1, 8):
        while Like.objects.count() < count:
            as_user.put(f"{API}products/{make_variant().product.pk}/like/")
        with statements(2):
            as_user.get(f"{API}likes/")
        with statements(2):
            as_user.get(f"{API}products/")


def test_liking_takes_so_many_statements(as_user, product, statements):
    with statements(10):
        as_user.put(f"{API}products/{product.pk}/like/")
    with statements(5):
        as_user.put(f"{API}products/{product.pk}/like/")


def test_without_the_setting_products_say_nothing(as_user, product, settings):
    catalog = {**settings.SHOPKIT["CATALOG"], "LIKED": None}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}

    [card] = as_user.get(f"{API}products/").json()["results"]

    assert "is_liked" not in card


def test_an_etag_is_the_readers_own(as_user, as_other, product):
    before = as_user.get(f"{API}products/")
    as_other.put(f"{API}products/{product.pk}/like/")
    after = as_user.get(f"{API}products/", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert (after.json()["results"][0]["likes_count"], after["Vary"].count("Authorization")) == (
        1,
        1,
    )
