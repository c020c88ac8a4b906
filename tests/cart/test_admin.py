"""Staff look at carts; they do not touch them."""

from decimal import Decimal

import pytest
from django.test import Client

from shopkit.cart.models import Cart, CartLine

pytestmark = pytest.mark.django_db
LIST = "/admin/shopkit_cart/cart/"


@pytest.fixture
def browser(staff):
    browser = Client()
    browser.force_login(staff)
    return browser


@pytest.fixture
def cart():
    cart = Cart.objects.create(owner="user:77", version="1")
    for variant, quantity in ((1, 2), (2, 5)):
        CartLine.objects.create(
            cart=cart, variant_id=variant, quantity=quantity, price_seen=Decimal(10)
        )
    return cart


def test_the_list_shows_owner_lines_and_units(browser, cart):
    Cart.objects.create(owner="user:78", version="2")

    page = browser.get(LIST).content.decode()

    assert 'class="field-line_count">2<' in page
    assert 'class="field-units">7<' in page
    assert 'class="field-units">0<' in page


def test_the_list_costs_the_same_for_any_number_of_carts(
    browser, cart, django_assert_max_num_queries
):
    Cart.objects.bulk_create(Cart(owner=f"user:{n}", version=str(n)) for n in range(30))

    with django_assert_max_num_queries(8):  # two of them open and close the request's transaction
        assert browser.get(LIST).status_code == 200


def test_one_cart_can_be_looked_at_and_nothing_else(browser, cart):
    assert "user:77" in browser.get(f"{LIST}{cart.pk}/change/").content.decode()

    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{cart.pk}/change/", {"owner": "user:1"}).status_code == 403
    assert browser.post(f"{LIST}{cart.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Cart.objects.get().owner == "user:77"
