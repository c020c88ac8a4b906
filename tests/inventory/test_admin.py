"""Counting the shelves in the admin."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shopkit.catalog.testing import make_variant
from shopkit.inventory.models import Movement, StockItem
from shopkit.inventory.services import LARGEST_STOCK, adjust, reserve
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db
LIST = "/admin/shopkit_inventory/stockitem/"


@pytest.fixture
def item():
    """Five cups."""
    return make_stock(make_variant(sku="CUP"), on_hand=5)


def page_of(browser: Client) -> dict[str, Any]:
    """Return everything the browser sends back when the list is saved as it is."""
    page = browser.get(LIST).content.decode()
    boxes = [dict(re.findall(r'(\w+)="([^"]*)"', box)) for box in re.findall("<input[^>]*>", page)]
    sent = {box["name"]: box.get("value", "") for box in boxes if "form-" in box.get("name", "")}
    return {**sent, "_save": "Save"}


def save(browser: Client, page: dict[str, Any], **changes: Any) -> str:
    """Send the page with other numbers in it; return what is shown then."""
    return browser.post(LIST, {**page, **changes}, follow=True).content.decode()


def test_what_was_counted_goes_into_the_ledger(admin_client, admin_user, item):
    save(admin_client, page_of(admin_client), **{"form-0-on_hand": 7})

    item.refresh_from_db()
    assert item.on_hand == 7
    written = Movement.objects.latest("pk")
    assert (written.delta, written.on_hand_after, written.actor) == (2, 7, admin_user)


def test_a_count_of_a_shelf_that_changed_meanwhile_is_refused(admin_client, item):
    page = page_of(admin_client)
    adjust(variant=item.variant_id, delta=-1)

    shown = save(admin_client, page, **{"form-0-on_hand": 7})

    assert "CUP: The stock has changed meanwhile." in shown
    item.refresh_from_db()
    assert item.on_hand == 4


def test_an_old_page_puts_back_nothing_that_nobody_counted(admin_client, item):
    plate = make_stock(make_variant(sku="PLATE"), on_hand=3)
    page = page_of(admin_client)
    ids = {value: name for name, value in page.items() if name.endswith("-id")}
    box = ids[str(plate.pk)].replace("-id", "-on_hand")
    adjust(variant=item.variant_id, delta=-1)  # somebody bought a cup

    save(admin_client, page, **{box: 2})

    assert dict(StockItem.objects.values_list("variant__sku", "on_hand")) == {"CUP": 4, "PLATE": 2}


@pytest.mark.parametrize("seen", ["", "many"])
def test_a_count_against_an_unknown_number_is_refused(admin_client, item, seen):
    page = {**page_of(admin_client), "initial-form-0-on_hand": seen}

    assert "CUP: The stock has changed meanwhile." in save(
        admin_client, page, **{"form-0-on_hand": 7}
    )
    item.refresh_from_db()
    assert item.on_hand == 5


def test_the_form_of_one_item_counts_as_the_list_does(admin_client, item):
    adjust(variant=item.variant_id, delta=-1)
    form = {"on_hand": 7, "initial-on_hand": 5}

    answer = admin_client.post(f"{LIST}{item.pk}/change/", form, follow=True)

    assert "CUP: The stock has changed meanwhile." in answer.content.decode()
    admin_client.post(f"{LIST}{item.pk}/change/", {**form, "initial-on_hand": 4})
    item.refresh_from_db()
    assert item.on_hand == 7


def test_fewer_than_orders_hold_is_refused(admin_client, item):
    reserve({item.variant_id: 3}, owner="order:A")

    shown = save(admin_client, page_of(admin_client), **{"form-0-on_hand": 1})

    assert "CUP: Orders already hold more units" in shown
    item.refresh_from_db()
    assert item.on_hand == 5


def test_a_number_that_no_shelf_holds_is_said_to_be_wrong(admin_client, item):
    shown = save(admin_client, page_of(admin_client), **{"form-0-on_hand": LARGEST_STOCK + 1})

    if connection.vendor == "sqlite":  # whose columns hold more, so that the form lets it pass
        assert "CUP: This is more than can be counted." in shown
    item.refresh_from_db()
    assert item.on_hand == 5
    assert Movement.objects.count() == 1
