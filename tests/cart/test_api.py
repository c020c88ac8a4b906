"""The cart over HTTP, as API.md promises it."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from shopkit.cart.owners import new_token, owner_of_token, owner_of_user
from shopkit.cart.services import add_to_cart, read_cart
from shopkit.catalog.models import Image, Product, Variant
from shopkit.catalog.testing import make_product, make_variant
from shopkit.inventory.services import adjust
from shopkit.inventory.testing import make_stock

from .conftest import CartsInDatabase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carts")]

CART, ITEMS, MERGE = "/api/v1/cart/", "/api/v1/cart/items/", "/api/v1/cart/merge/"


def make_stocked(on_hand: int = 5, **fields: Any) -> Variant:
    variant = make_variant(**fields)
    make_stock(variant, on_hand=on_hand)
    return variant


def item(variant: Variant) -> str:
    return f"{ITEMS}{variant.pk}/"


def units(answer: Any) -> dict[int, int]:
    return {line["id"]: line["quantity"] for line in answer.json()["items"]}


@pytest.fixture
def guest() -> APIClient:
    """A guest who has a cup in the cart and sends the token along."""
    client = APIClient()
    answer = client.post(ITEMS, {"variant_id": make_stocked(9, sku="CUP").pk}, format="json")
    client.credentials(HTTP_X_CART_TOKEN=answer["X-Cart-Token"])
    return client


# The shape


def test_a_cart_has_the_promised_shape(as_user):
    product = make_product(name="Cup", slug="cup", translations={"ru": {"name": "Чашка"}})
    cup = make_stocked(product=product, sku="CUP-RED", name="Red", price="150000")
    make_stock(cup, on_hand=2)

    answer = as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": 2}, format="json")

    body = answer.json()
    assert answer.status_code == 201
    assert len(body.pop("version")) == 32
    assert body == {
        "token": None,
        "items": [
            {
                "id": cup.pk,
                "variant": {
                    "id": cup.pk,
                    "sku": "CUP-RED",
                    "name": "Red",
                    "product": {"id": product.pk, "slug": "cup", "name": "Cup"},
                    "image": None,
                },
                "quantity": 2,
                "unit_price": "150000.00",
                "line_total": "300000.00",
                "available": 7,
                "problem": None,
            }
        ],
        "currency": "UZS",
        "adjustments": [],
        "lost": False,
        "totals": {
            "subtotal": "300000.00",
            "discount": "0.00",
            "shipping": "0.00",
            "tax": "0.00",
            "total": "300000.00",
        },
        "count": 2,
    }


def test_a_read_answers_with_what_the_write_answered(as_user):
    written = as_user.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    read = as_user.get(CART)

    assert read.status_code == 200
    assert read.json() == written.json()
    assert read["Cache-Control"] == "no-store"


def test_amounts_have_the_digits_of_the_currency(as_user, settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "CORE": {"CURRENCY": "JPY"},
        "PRICING": {"SHIPPING_FEE": Decimal(500)},
    }

    body = as_user.post(ITEMS, {"variant_id": make_stocked(price="1500").pk}, format="json").json()

    assert body["currency"] == "JPY"
    assert body["items"][0]["unit_price"] == "1500"
    assert body["adjustments"] == [
        {"kind": "shipping", "code": "flat", "label": "Delivery", "amount": "500"}
    ]
    assert body["totals"]["total"] == "2000"


def test_names_are_in_the_readers_language(as_user):
    product = make_product(name="Cup", translations={"ru": {"name": "Чашка"}})
    cup = make_stocked(product=product)
    as_user.post(ITEMS, {"variant_id": cup.pk}, format="json")

    body = as_user.get(CART, HTTP_ACCEPT_LANGUAGE="ru").json()

    assert body["items"][0]["variant"]["product"]["name"] == "Чашка"


def test_the_picture_is_the_products_first(as_user):
    cup = make_stocked()
    file = {"file": "products/cup.webp", "width": 4, "height": 3}
    image = Image.objects.create(
        product=cup.product, alt="A cup", sizes={"card": "/m/card.webp"}, **file
    )
    Product.objects.filter(pk=cup.product_id).update(primary_image=image)

    body = as_user.post(ITEMS, {"variant_id": cup.pk}, format="json").json()

    shown = body["items"][0]["variant"]["image"]
    assert set(shown) == {"url", "alt", "sizes"}
    assert shown["alt"] == "A cup"
    assert shown["url"].endswith("products/cup.webp")


def test_a_vanished_variant_is_shown_as_a_problem(as_user):
    cup = make_stocked(price="100")
    as_user.post(ITEMS, {"variant_id": cup.pk}, format="json")
    pk = cup.pk
    Variant.objects.filter(pk=pk).delete()

    body = as_user.get(CART).json()

    (line,) = body["items"]
    assert (line["id"], line["problem"], line["unit_price"]) == (pk, "unavailable", "100.00")
    assert line["variant"] == {"id": pk, "sku": "", "name": "", "product": None, "image": None}
    assert body["totals"]["total"] == "0.00"


# Guests


def test_a_mere_look_stores_nothing_and_gives_no_token(client, carts):
    answer = client.get(CART)

    assert answer.status_code == 200
    assert answer.json()["items"] == []
    assert (answer.json()["token"], answer.json()["version"]) == (None, "")
    assert "X-Cart-Token" not in answer
    assert carts.owners() == []


def test_a_guests_first_write_answers_a_token_in_body_and_header(client, carts):
    answer = client.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    token = answer.json()["token"]
    assert answer["X-Cart-Token"] == token
    assert len(token) > 32
    assert carts.owners() == [owner_of_token(token)]


def test_a_guest_finds_the_cart_by_the_token(guest):
    answer = guest.get(CART)

    assert list(units(answer).values()) == [1]
    assert answer.json()["token"] == answer["X-Cart-Token"]
    assert answer.json()["lost"] is False


def test_a_refused_first_write_stores_nothing_and_gives_no_token(client, carts):
    answer = client.post(ITEMS, {"variant_id": make_variant().pk}, format="json")

    assert answer.status_code == 409
    assert "X-Cart-Token" not in answer
    assert carts.owners() == []


def test_two_guests_have_two_carts(guest, carts):
    other = APIClient()
    other.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    assert len(carts.owners()) == 2
    assert guest.get(CART).json()["count"] == 1


@pytest.mark.parametrize("token", ["unknown", "a:b", "user:1", "0" * 500])
def test_a_token_that_is_not_ours_is_treated_as_none(client, token, carts):
    client.credentials(HTTP_X_CART_TOKEN=token)

    looked = client.get(CART)
    put = client.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    assert (looked.json()["token"], looked.json()["lost"]) == (None, False)
    assert put.json()["token"] not in {None, token}
    assert carts.owners() == [owner_of_token(put.json()["token"])]


def test_the_stored_owner_cannot_be_used_as_a_token(guest, carts):
    thief = APIClient()
    thief.credentials(HTTP_X_CART_TOKEN=carts.owners()[0])

    assert thief.get(CART).json()["items"] == []


def test_a_genuine_token_without_a_cart_says_that_it_is_lost(guest, carts):
    carts.lose()

    body = guest.get(CART).json()

    assert body["lost"] is True
    assert body["items"] == []
    assert carts.owners() == []


def test_a_lost_cart_begins_anew_under_the_same_token(guest, carts):
    token = guest.get(CART).json()["token"]
    carts.lose()

    answer = guest.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    assert (answer.json()["lost"], answer.json()["token"]) == (False, token)
    assert guest.get(CART).json()["count"] == 1


def test_a_cleared_cart_is_not_lost(guest):
    assert guest.delete(CART).status_code == 204

    body = guest.get(CART).json()
    assert (body["items"], body["lost"]) == ([], False)


def test_the_cart_of_a_signed_in_user_is_not_the_guests(guest, user):
    token = guest.get(CART).json()["token"]
    signed_in = APIClient()
    signed_in.force_authenticate(user)
    signed_in.credentials(HTTP_X_CART_TOKEN=token)

    answer = signed_in.get(CART)

    assert answer.json()["items"] == []
    assert (answer.json()["token"], answer.json()["lost"]) == (None, False)
    assert "X-Cart-Token" not in answer


# Putting in


def test_adding_again_adds_up(as_user):
    cup = make_stocked(5)
    as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": 2}, format="json")

    answer = as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": 3}, format="json")

    assert units(answer) == {cup.pk: 5}


def test_more_than_available_is_409_with_what_there_is(as_user):
    cup = make_stocked(5)
    as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": 4}, format="json")

    answer = as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": 2}, format="json")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "out_of_stock"
    assert answer.json()["available"] == 5
    assert answer.json()["items"] == [{"variant_id": cup.pk, "available": 5}]
    assert units(as_user.get(CART)) == {cup.pk: 4}


def test_more_than_the_shop_allows_is_409_with_the_limit(as_user):
    cup = make_stocked(500)

    answer = as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": 100}, format="json")

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["limit"]) == ("quantity_limit", 99)


def test_a_line_too_many_is_409_with_the_limit(as_user, settings):
    cart = settings.SHOPKIT.get("CART", {})
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": {**cart, "MAX_LINES": 1}}
    as_user.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    answer = as_user.post(ITEMS, {"variant_id": make_stocked().pk}, format="json")

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["limit"]) == ("cart_full", 1)
    assert as_user.get(CART).json()["count"] == 1


def test_a_product_with_one_sellable_variant_can_be_named(as_user):
    cup = make_stocked()

    answer = as_user.post(ITEMS, {"product_id": cup.product_id}, format="json")

    assert answer.status_code == 201
    assert units(answer) == {cup.pk: 1}


def test_a_product_with_several_is_400_and_lists_them(as_user):
    product = make_product()
    blue = make_stocked(product=product, sku="B", name="Blue", position=1)
    red = make_stocked(product=product, sku="R", name="Red")

    answer = as_user.post(ITEMS, {"product_id": product.pk}, format="json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "variant_required"
    assert answer.json()["variants"] == [
        {"id": red.pk, "sku": "R", "name": "Red"},
        {"id": blue.pk, "sku": "B", "name": "Blue"},
    ]


@pytest.mark.parametrize("member", ["variant_id", "product_id"])
def test_what_is_not_sold_is_404(as_user, member, carts):
    cup = make_stocked(is_active=False)
    pk = {"variant_id": cup.pk, "product_id": cup.product_id}[member]

    for key in (pk, 10**15, 2**63 - 1):
        answer = as_user.post(ITEMS, {member: key}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    assert carts.owners() == []


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "x", "", 2**31, True, None, [], {}])
def test_a_quantity_that_is_none_is_400(as_user, quantity, carts):
    cup = make_stocked()

    answer = as_user.post(ITEMS, {"variant_id": cup.pk, "quantity": quantity}, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "validation_error"
    assert [error["attr"] for error in answer.json()["errors"]] == ["quantity"]
    assert carts.owners() == []


def test_a_number_that_no_computer_counts_to_is_400(as_user, carts):
    cup = make_stocked()
    payload = f'{{"variant_id": {cup.pk}, "quantity": 1e400}}'

    answer = as_user.generic("POST", ITEMS, payload, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert carts.owners() == []


@pytest.mark.parametrize("pk", [0, -1, 1.5, "x", 2**63, True, None])
def test_a_key_that_is_none_is_400(as_user, pk):
    answer = as_user.post(ITEMS, {"variant_id": pk}, format="json")

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == ["variant_id"]


@pytest.mark.parametrize("body", [{}, {"quantity": 1}, [], "x", 5, None])
def test_a_body_that_names_nothing_is_400(as_user, body):
    assert as_user.post(ITEMS, body, format="json").status_code == 400


def test_unknown_members_are_ignored(as_user):
    body = {"variant_id": make_stocked().pk, "price": "0.01", "unit_price": 1}

    answer = as_user.post(ITEMS, body, format="json")

    assert answer.status_code == 201
    assert answer.json()["totals"]["total"] == "100000.00"


# Changing and taking out


def test_a_patch_sets_the_quantity(guest):
    (pk,) = units(guest.get(CART))

    answer = guest.patch(f"{ITEMS}{pk}/", {"quantity": 7}, format="json")

    assert answer.status_code == 200
    assert units(answer) == {pk: 7}
    assert answer["X-Cart-Token"] == answer.json()["token"]


def test_a_patch_to_nothing_takes_the_line_out(guest):
    (pk,) = units(guest.get(CART))

    answer = guest.patch(f"{ITEMS}{pk}/", {"quantity": 0}, format="json")

    assert answer.status_code == 200
    assert units(answer) == {}


def test_a_patch_beyond_the_stock_is_409(guest):
    (pk,) = units(guest.get(CART))

    answer = guest.patch(f"{ITEMS}{pk}/", {"quantity": 10}, format="json")

    assert (answer.status_code, answer.json()["available"]) == (409, 9)
    assert units(guest.get(CART)) == {pk: 1}


@pytest.mark.parametrize("body", [{}, {"quantity": -1}, {"quantity": 1.5}, {"quantity": 2**31}])
def test_a_patch_that_says_nothing_sensible_is_400(guest, body):
    (pk,) = units(guest.get(CART))

    assert guest.patch(f"{ITEMS}{pk}/", body, format="json").status_code == 400
    assert units(guest.get(CART)) == {pk: 1}


def test_a_delete_takes_the_line_out_and_answers_with_the_cart(guest):
    (pk,) = units(guest.get(CART))

    answer = guest.delete(f"{ITEMS}{pk}/")

    assert answer.status_code == 200
    assert units(answer) == {}
    assert guest.delete(f"{ITEMS}{pk}/").status_code == 404


@pytest.mark.parametrize("pk", [0, 5, 2**63 - 1, 2**63, 10**30])
def test_what_is_not_in_the_cart_is_404(client, guest, as_user, pk):
    for caller in (client, guest, as_user):
        changed = caller.patch(f"{ITEMS}{pk}/", {"quantity": 1}, format="json")
        assert (changed.status_code, changed.json()["code"]) == (404, "not_found")
        assert caller.delete(f"{ITEMS}{pk}/").status_code == 404


def test_nobody_reaches_anothers_line(guest, as_user):
    (pk,) = units(guest.get(CART))

    assert as_user.patch(f"{ITEMS}{pk}/", {"quantity": 5}, format="json").status_code == 404
    assert as_user.delete(f"{ITEMS}{pk}/").status_code == 404
    assert units(guest.get(CART)) == {pk: 1}


def test_emptying_is_204_also_for_an_empty_cart(client, as_user, guest):
    for caller in (client, as_user, guest, guest):
        assert caller.delete(CART).status_code == 204

    assert guest.get(CART).json()["items"] == []


def test_every_change_makes_a_new_version(as_user):
    cup = make_stocked()
    versions = [
        as_user.post(ITEMS, {"variant_id": cup.pk}, format="json").json()["version"],
        as_user.patch(item(cup), {"quantity": 2}, format="json").json()["version"],
        as_user.delete(item(cup)).json()["version"],
    ]

    assert len(set(versions)) == 3
    assert as_user.get(CART).json()["version"] == versions[-1]


@pytest.mark.parametrize(
    ("method", "path"), [("put", CART), ("post", CART), ("get", ITEMS), ("get", MERGE)]
)
def test_other_methods_are_405(as_user, method, path):
    assert getattr(as_user, method)(path).status_code == 405


# Problems of lines


def test_each_problem_is_pointed_out(as_user):
    fine, dear, short, dead = (make_stocked(5, price="100") for _ in range(4))
    for variant in (fine, dear, short, dead):
        as_user.post(ITEMS, {"variant_id": variant.pk, "quantity": 2}, format="json")
    Variant.objects.filter(pk=dear.pk).update(price=Decimal(110))
    adjust(variant=short.pk, delta=-4)
    Product.objects.filter(pk=dead.product_id).update(is_active=False)

    body = as_user.get(CART).json()

    assert {line["id"]: line["problem"] for line in body["items"]} == {
        fine.pk: None,
        dear.pk: "price_changed",
        short.pk: "out_of_stock",
        dead.pk: "unavailable",
    }
    assert body["totals"]["subtotal"] == "620.00"


# Merging


def test_merging_answers_with_the_cart_and_what_became_of_each_line(as_user, user):
    cup, plate, token = make_stocked(5), make_stocked(5), new_token()
    guest = owner_of_token(token)
    add_to_cart(guest, variant_id=cup.pk, quantity=4)
    add_to_cart(guest, variant_id=plate.pk, quantity=1)
    add_to_cart(owner_of_user(user), variant_id=cup.pk, quantity=3)

    first = as_user.post(MERGE, {"token": token}, format="json")
    second = as_user.post(MERGE, {"token": token}, format="json")

    assert first.status_code == second.status_code == 200
    assert units(first) == units(second) == {cup.pk: 5, plate.pk: 1}
    assert first.json()["merged"] == [
        {"variant_id": cup.pk, "added": 2, "dropped": 2, "reason": "capped"},
        {"variant_id": plate.pk, "added": 1, "dropped": 0, "reason": None},
    ]
    assert second.json()["merged"] == []
    assert first.json()["version"] == second.json()["version"]
    assert first.json()["token"] is None
    assert not read_cart(guest).exists


def test_a_guest_cannot_merge(guest):
    answer = guest.post(MERGE, {"token": guest.get(CART).json()["token"]}, format="json")

    assert answer.status_code == 401
    assert guest.get(CART).json()["count"] == 1


def test_a_token_that_is_not_ours_merges_nothing(as_user, carts):
    answer = as_user.post(MERGE, {"token": "unknown"}, format="json")

    assert (answer.status_code, answer.json()["merged"]) == (200, [])
    assert carts.owners() == []


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": None}, {"token": ["x"]}])
def test_merging_needs_a_token(as_user, body):
    answer = as_user.post(MERGE, body, format="json")

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == ["token"]


# Users' lost carts


def test_a_users_cart_that_redis_lost_is_not_shown_as_an_empty_one(as_user, carts):
    cup = make_stocked()
    as_user.post(ITEMS, {"variant_id": cup.pk}, format="json")
    carts.lose()
    is_noticed = not isinstance(carts, CartsInDatabase)  # which loses none by itself

    for _ in range(2):
        body = as_user.get(CART).json()
        assert (body["items"], body["version"], body["lost"]) == ([], "", is_noticed)

    answer = as_user.post(ITEMS, {"variant_id": cup.pk}, format="json")
    assert (answer.json()["lost"], as_user.get(CART).json()["lost"]) == (False, False)


def test_a_user_who_never_had_a_cart_has_lost_none(as_user):
    assert as_user.get(CART).json()["lost"] is False


def test_a_cart_that_came_by_a_merge_is_missed_too(as_user, carts):
    token = new_token()
    add_to_cart(owner_of_token(token), variant_id=make_stocked().pk, quantity=1)
    as_user.post(MERGE, {"token": token}, format="json")
    carts.lose()

    assert as_user.get(CART).json()["lost"] is not isinstance(carts, CartsInDatabase)


# Cost


def test_any_number_of_lines_is_one_statement_beside_the_store(
    guest, as_user, user, carts, statements
):
    mine = [owner_of_user(user), owner_of_token(guest.get(CART).json()["token"])]
    for _ in range(20):
        variant = make_stocked()
        for owner in mine:
            add_to_cart(owner, variant_id=variant.pk, quantity=1)

    for caller in (guest, as_user):
        with statements(1 + isinstance(carts, CartsInDatabase)):
            answer = caller.get(CART)
        assert len(answer.json()["items"]) >= 20


def test_a_new_cart_an_addition_and_a_look_are_two_statements_beside_the_store(
    client, as_user, carts, statements
):
    cup = make_stocked()
    in_database = isinstance(carts, CartsInDatabase)
    store = 9 if in_database else 0  # transaction, cart, lines; and the look
    trace = 0 if in_database else 1

    with statements(2 + store):
        answer = client.post(ITEMS, {"variant_id": cup.pk}, format="json")
        read = client.get(CART, headers={"X-Cart-Token": answer["X-Cart-Token"]})
    with statements(2 + store + trace):
        as_user.post(ITEMS, {"variant_id": cup.pk}, format="json")
        as_user.get(CART)
    with statements(2 + store):  # the trace is left once
        as_user.post(ITEMS, {"variant_id": cup.pk}, format="json")
        as_user.get(CART)

    assert read.json()["count"] == 1


# The document


def test_the_document_names_the_header_in_both_directions(client):
    document = client.get("/api/v1/schema/", {"format": "json"}).json()
    operation = document["paths"]["/api/v1/cart/items/"]["post"]

    assert ["X-Cart-Token", "header"] in [
        [one["name"], one["in"]] for one in operation["parameters"]
    ]
    assert "X-Cart-Token" in operation["responses"]["201"]["headers"]
    assert "headers" not in operation["responses"]["409"]
    assert set(document["components"]["schemas"]["CartOutput"]["required"]) == {
        "token", "version", "items", "currency", "adjustments", "lost", "totals", "count",
    }  # fmt: skip
