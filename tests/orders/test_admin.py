"""Orders in the admin: read, and moved by actions."""

import pytest
from django.test import Client

from shopkit.inventory.models import StockItem
from shopkit.orders.models import Order
from tests.orders.conftest import fill, place

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/admin/shopkit_orders/order/"


@pytest.fixture
def order(as_user, cup):
    """An order of two cups out of ten."""
    fill(as_user, (cup, 2))
    place(as_user)
    return Order.objects.get()


def act(client: Client, action, *orders):
    form = {"action": action, "_selected_action": [order.pk for order in orders]}
    return client.post(URL, form, follow=True)


def test_an_order_is_shown_with_money_and_address_as_people_read_them(admin_client, order):
    page = admin_client.get(f"{URL}{order.pk}/change/").content.decode()

    for text in (order.number, "UZS\u00a0100,000", "Berdaq 1, Nukus", "50,000", "+998901234567"):
        assert text in page
    assert "100000.0000" not in page


def test_history_is_told_in_the_language_of_who_reads_it(admin_client, order, settings):
    settings.LANGUAGES = [("en", "English"), ("ru", "Russian")]
    act(admin_client, "to_next_status", order)

    page = admin_client.get(f"{URL}{order.pk}/change/", HTTP_ACCEPT_LANGUAGE="ru").content.decode()

    assert "покупатель" in page
    assert "сотрудники" in page
    assert "→ placed" not in page
    assert "<p>processing</p>" not in page
    assert "placed →" not in page


def test_orders_are_found_by_number_and_phone(admin_client, order):
    for text in (order.number, "901234567"):
        assert order.number in admin_client.get(URL, {"q": text}).content.decode()
    assert order.number not in admin_client.get(URL, {"q": "nobody"}).content.decode()


def test_orders_are_moved_and_cancelled_through_the_rules(admin_client, order, cup):
    assert "1 order was changed" in act(admin_client, "to_next_status", order).content.decode()
    assert Order.objects.get().status == "processing"
    act(admin_client, "cancel", order)
    assert Order.objects.get().status == "cancelled"
    assert StockItem.objects.get(variant=cup).reserved == 0
    assert Order.objects.get().events.last().actor.username == "admin"

    refused = act(admin_client, "to_next_status", order)

    assert "cannot go there" in refused.content.decode()
    assert Order.objects.get().status == "cancelled"


def test_orders_are_neither_typed_in_nor_edited_nor_thrown_away(admin_client, order):
    assert admin_client.get(f"{URL}add/").status_code == 403
    assert admin_client.post(f"{URL}{order.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.post(f"{URL}{order.pk}/change/", {"note": "x"}).status_code == 403
    assert Order.objects.get().note == ""


def test_the_list_does_not_ask_more_for_more_orders(
    admin_client, as_user, cup, order, django_assert_max_num_queries
):
    for _ in range(5):
        fill(as_user, (cup, 1))
        place(as_user)

    with django_assert_max_num_queries(11):
        assert admin_client.get(URL).status_code == 200
