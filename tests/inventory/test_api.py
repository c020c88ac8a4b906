"""The stock endpoint and the admin of the stock."""

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_variant
from shopkit.inventory.models import Movement, StockItem
from shopkit.inventory.services import reserve
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cup():
    """Five cups, three of them held by an order."""
    variant = make_variant(sku="CUP")
    make_stock(variant, on_hand=5)
    reserve({variant.pk: 3}, owner="order:A")
    return variant


def change(client, variant, **body):
    return client.patch(f"/api/v1/variants/{variant.pk}/stock/", body, format="json")


def test_staff_change_stock_by_a_difference(as_staff, staff, cup):
    answer = change(as_staff, cup, delta=4, reason="Delivery 17")

    assert answer.status_code == 200
    assert answer.json() == {
        "variant_id": cup.pk,
        "on_hand": 9,
        "reserved": 3,
        "available": 6,
    }
    last = Movement.objects.latest("pk")
    assert (last.delta, last.note, last.actor) == (4, "Delivery 17", staff)


def test_staff_set_what_was_counted(as_staff, cup):
    assert change(as_staff, cup, on_hand=7, expected=5).json()["on_hand"] == 7
    stale = change(as_staff, cup, on_hand=9, expected=5)

    assert (stale.status_code, stale.json()["code"], stale.json()["on_hand"]) == (
        409,
        "stale_stock",
        7,
    )
    assert StockItem.objects.get().on_hand == 7


@pytest.mark.parametrize("body", [{"delta": -3}, {"on_hand": 2}])
def test_stock_below_what_orders_hold_is_refused(as_staff, cup, body):
    answer = change(as_staff, cup, **body)

    assert (answer.status_code, answer.json()["code"]) == (409, "below_reserved")
    assert (answer.json()["on_hand"], answer.json()["reserved"]) == (5, 3)
    assert StockItem.objects.get().on_hand == 5


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"delta": 1, "on_hand": 6},
        {"delta": 1, "expected": 5},
        {"delta": "x"},
        {"delta": 1.5},
        {"delta": 2**31},
        {"on_hand": -1},
        {"on_hand": 2**31},
        {"reserved": 0},
        {"delta": 1, "reason": "a\x00b"},
        [],
    ],
)
def test_malformed_changes_change_nothing(as_staff, cup, body):
    answer = as_staff.patch(f"/api/v1/variants/{cup.pk}/stock/", body, format="json")

    assert answer.status_code == 400
    assert StockItem.objects.get().on_hand == 5
    assert Movement.objects.count() == 1


def test_a_sum_that_no_shelf_holds_is_refused(as_staff, cup):
    assert change(as_staff, cup, delta=2**31 - 1).status_code == 400
    assert StockItem.objects.get().on_hand == 5


def test_unknown_variants_have_no_stock(as_staff, cup):
    assert (
        as_staff.patch("/api/v1/variants/0/stock/", {"delta": 1}, format="json").status_code == 404
    )
    assert (
        as_staff.patch(f"/api/v1/variants/{2**70}/stock/", {"delta": 1}, format="json").status_code
        == 404
    )


def test_only_staff_with_the_permission_change_stock(client, as_user, cup):
    clerk = APIClient()
    clerk.force_authenticate(get_user_model().objects.create_user("clerk", is_staff=True))

    assert change(client, cup, delta=1).status_code == 401
    assert change(as_user, cup, delta=1).status_code == 403
    assert change(clerk, cup, delta=1).status_code == 403
    assert StockItem.objects.get().on_hand == 5


def test_the_first_units_bring_the_product_back_in_stock(as_staff):
    variant = make_variant()
    Product.objects.filter(pk=variant.product_id).update(in_stock=False)

    assert change(as_staff, variant, delta=2).json()["available"] == 2
    assert Product.objects.get().in_stock


@pytest.mark.parametrize("page", ["stockitem", "reservation", "movement"])
def test_admin_lists_do_not_ask_more_for_more_rows(
    admin_client, page, django_assert_max_num_queries
):
    for _ in range(10):
        variant = make_variant()
        make_stock(variant, on_hand=5)
        reserve({variant.pk: 1}, owner=f"order:{variant.pk}")

    with django_assert_max_num_queries(10):
        answer = admin_client.get(f"/admin/shopkit_inventory/{page}/")
    assert answer.status_code == 200
