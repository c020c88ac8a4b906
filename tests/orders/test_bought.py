"""Who has bought a product: whoever paid for it, or was sent it, and kept it."""

import pytest

from shopkit.catalog.testing import make_variant
from shopkit.inventory.testing import make_stock
from shopkit.orders.models import Order
from shopkit.orders.services import cancel_order, has_bought, move_order
from shopkit.payments.services import mark_paid
from shopkit.reviews.testing import make_author

from .conftest import API, fill, place

pytestmark = pytest.mark.django_db
HAS_BOUGHT = "shopkit.orders.services.has_bought"


@pytest.fixture
def order(as_user, cup):
    fill(as_user, (cup, 1))
    return Order.objects.get(number=place(as_user).json()["number"])


def sent(order):
    for _ in range(2):
        move_order(order.pk, by="staff")


def delivered(order):
    for _ in range(3):
        move_order(order.pk, by="staff")


def returned(order):
    mark_paid(order.pk)
    delivered(order)
    move_order(order.pk, to="returned", by="staff")


def cancelled_paid(order):
    mark_paid(order.pk)
    cancel_order(order.pk, by="customer")


def refunded(order):
    mark_paid(order.pk)
    Order.objects.update(payment_status="refunded")


def partly_refunded(order):
    Order.objects.update(payment_status="partially_refunded")


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (lambda order: None, False),
        (lambda order: move_order(order.pk, by="staff"), False),  # confirmed, neither paid nor sent
        (lambda order: mark_paid(order.pk), True),
        (sent, True),
        (delivered, True),
        (partly_refunded, True),
        (returned, False),
        (cancelled_paid, False),
        (refunded, False),
    ],
)
def test_what_became_of_the_order_decides(user, cup, order, statements, happens, expected):
    happens(order)

    with statements(1):
        assert has_bought(user, cup.product) is expected


def test_a_purchase_is_ones_own_and_of_that_product(user, cup, plate, order):
    mark_paid(order.pk)

    assert has_bought(user, cup.product)
    assert not has_bought(user, plate.product)
    assert not has_bought(make_author(), cup.product)


def test_any_variant_of_the_product_will_do(as_user, user, cup):
    big = make_variant(product=cup.product, sku="BIG")
    make_stock(big, on_hand=1)
    fill(as_user, (big, 1))
    mark_paid(Order.objects.get(number=place(as_user).json()["number"]).pk)

    assert has_bought(user, cup.product)


def test_buyers_rate_and_others_do_not(as_user, user, cup, order, settings):
    rules = {"CAN_REVIEW": HAS_BOUGHT, "VERIFIED": HAS_BOUGHT}
    settings.SHOPKIT = {**settings.SHOPKIT, "REVIEWS": rules}
    path = f"{API}products/{cup.product_id}/reviews/"

    refused = as_user.post(path, {"rating": 5}, format="json")
    mark_paid(order.pk)
    made = as_user.post(path, {"rating": 5}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "purchase_required")
    assert (made.status_code, made.json()["verified"]) == (201, True)
