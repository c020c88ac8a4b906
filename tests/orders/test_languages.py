"""An order is placed in one language and kept in the shop's main one."""

import pytest
from django.core import mail

from shopkit.catalog.services.products import update_product
from shopkit.orders.models import Order
from tests.notifications.conftest import reach

from .conftest import fill, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def kese(cup, settings):
    """The cup, with its name in Karakalpak."""
    settings.LANGUAGES = [("en", "English"), ("kaa", "Qaraqalpaqsha")]
    changes = {"name": "Cup", "translations": {"kaa": {"name": "Kese"}}}
    update_product(cup.product, changes=changes)
    return cup


def test_the_cart_speaks_the_readers_language_and_the_order_the_main_one(client, kese):
    fill(client, (kese, 1))
    client.credentials(**client._credentials, HTTP_ACCEPT_LANGUAGE="kaa")
    cart = client.get("/api/v1/cart/").json()
    assert cart["items"][0]["variant"]["product"]["name"] == "Kese"

    answer = place(client)

    assert answer.status_code == 201
    assert answer.headers["Content-Language"] == "kaa"
    assert [item["name"] for item in answer.json()["items"]] == ["Cup"]
    order = Order.objects.get()
    assert (order.language, order.lines.get().name) == ("kaa", "Cup")


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_in_the_buyers_language_with_the_orders_names(as_user, user, kese):
    reach(user, email="anna@example.com")
    fill(as_user, (kese, 1))
    as_user.credentials(HTTP_ACCEPT_LANGUAGE="kaa")

    assert place(as_user).status_code == 201

    [letter] = [one for one in mail.outbox if one.to == ["anna@example.com"]]
    assert "Cup" in letter.body
    assert "50\xa0000\xa0swm" in letter.body
    assert "Kese" not in letter.body
