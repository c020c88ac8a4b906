"""What sells best: units of orders that somebody stands by."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shopkit.catalog.models import Product
from shopkit.catalog.services.popularity import LARGEST, set_popularity
from shopkit.catalog.testing import make_product, make_variant
from shopkit.inventory.testing import make_stock
from shopkit.orders.models import Order, OrderLine
from shopkit.orders.services import cancel_order, move_order, recount_popularity

from .conftest import fill, place


def popularity(variant):
    return Product.objects.values_list("popularity", flat=True).get(pk=variant.product_id)


def bought(client, *lines):
    fill(client, *lines)
    return Order.objects.get(number=place(client).json()["number"])


def test_units_count_once_an_order_is_paid_or_confirmed_and_until_it_comes_back(client, cup, plate):
    order = bought(client, (cup, 3), (plate, 1))
    assert (recount_popularity(), popularity(cup)) == (0, 0)

    move_order(order.pk, to="processing", by="staff")
    assert (recount_popularity(), popularity(cup), popularity(plate)) == (2, 3, 1)
    assert recount_popularity() == 0

    cancel_order(order.pk, by="staff")
    assert (recount_popularity(), popularity(cup)) == (2, 0)


def test_a_paid_order_counts_before_staff_have_seen_it(client, cup):
    order = bought(client, (cup, 2))
    Order.objects.filter(pk=order.pk).update(payment_status="paid")
    recount_popularity()
    assert popularity(cup) == 2


def test_what_was_sold_long_ago_counts_no_more(client, cup, settings):
    order = bought(client, (cup, 2))
    month = {"ORDERS": {**settings.SHOPKIT.get("ORDERS", {}), "POPULARITY_WINDOW": _days(30)}}
    settings.SHOPKIT = {**settings.SHOPKIT, **month}
    Order.objects.filter(pk=order.pk).update(payment_status="paid", placed_at=_ago(29))
    recount_popularity()
    assert popularity(cup) == 2
    Order.objects.filter(pk=order.pk).update(placed_at=_ago(31))
    recount_popularity()
    assert popularity(cup) == 0


def test_two_variants_of_a_product_count_together(client, cup):
    other = make_variant(product=cup.product, price="60000", sku="CUP-2")
    make_stock(other, on_hand=5)
    order = bought(client, (cup, 2), (other, 1))
    Order.objects.filter(pk=order.pk).update(payment_status="paid")
    recount_popularity()
    assert popularity(cup) == 3


def test_the_list_follows(client, cup, plate):
    order = bought(client, (plate, 1))
    Order.objects.filter(pk=order.pk).update(payment_status="paid")
    recount_popularity()
    answer = client.get("/api/v1/products/?ordering=-popularity").json()
    assert [card["id"] for card in answer["results"]] == [plate.product_id, cup.product_id]


@pytest.mark.django_db
def test_five_hundred_products_take_two_statements_and_three_more_where_something_changed(
    django_assert_num_queries, monkeypatch
):
    products = [make_product() for _ in range(6)]
    monkeypatch.setattr("shopkit.orders.services.popularity.BATCH", 3)
    order = Order.objects.create(
        number="A", currency="UZS", subtotal=0, total=0, contact_name="A", contact_phone="+1",
        address={}, quote_fingerprint="", cart_owner="a", cart_version="1", cart_turn=1,
        payment_status="paid",
    )  # fmt: skip
    OrderLine.objects.create(
        order=order, product=products[0], sku="A", name="A", unit_price=1, quantity=2, line_total=2
    )

    # Twice: keys, sums, savepoint, what is wrong, end of it; once an UPDATE; then no more keys.
    with django_assert_num_queries(2 * 5 + 1 + 1):
        assert recount_popularity() == 1
    assert Product.objects.get(pk=products[0].pk).popularity == 2


@pytest.mark.django_db
def test_a_number_that_no_column_holds_is_cut():
    product = make_product()
    assert set_popularity({product.pk: LARGEST + 5}) == 1
    assert Product.objects.get(popularity=LARGEST) == product
    assert set_popularity({}) == 0


def _days(number):
    return timedelta(days=number)


def _ago(number):
    return timezone.now() - _days(number)
