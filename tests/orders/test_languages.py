"""An order is placed in one language and kept in the shop's main one."""

import pytest

from shopkit.catalog.services.products import update_product
from shopkit.orders.models import Order

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
