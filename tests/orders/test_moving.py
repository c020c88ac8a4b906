"""Cancelling, moving, expiring and looking at orders, over HTTP."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.inventory.models import Movement, Reservation, StockItem
from shopkit.inventory.services import adjust
from shopkit.orders.models import Order
from shopkit.orders.services import expire_orders, hold_until
from tests.orders.conftest import API, fill, place

pytestmark = pytest.mark.django_db(transaction=True)


def stock(variant):
    item = StockItem.objects.get(variant=variant)
    return item.on_hand, item.reserved


@pytest.fixture
def order(as_user, cup):
    """An order of two cups out of ten."""
    fill(as_user, (cup, 2))
    return place(as_user).json()


@pytest.fixture
def stranger(db):
    """Another customer, signed in."""
    client = APIClient()
    client.force_authenticate(get_user_model().objects.create_user("mallory"))
    return client


def url(order, *rest):
    return f"{API}orders/{order['number']}/{''.join(f'{one}/' for one in rest)}"


def move(client, order, **body):
    return client.patch(url(order, "status"), body, format="json")


def make_due(order):
    Order.objects.filter(number=order["number"]).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )


def test_cancelling_frees_the_stock_once(as_user, order, cup):
    first = as_user.post(url(order, "cancel"), {"reason": "Too slow"}, format="json")
    again = as_user.post(url(order, "cancel"))
    at_the_other_door = as_user.delete(url(order))

    assert [one.status_code for one in (first, again, at_the_other_door)] == [200, 200, 200]
    assert first.json()["status"] == "cancelled"
    assert [(one["from"], one["to"], one["by"]) for one in again.json()["history"]] == [
        ("", "placed", "guest" if order["history"][0]["by"] == "guest" else "customer"),
        ("placed", "cancelled", "customer"),
    ]
    assert (first.json()["can_cancel"], first.json()["can_pay"]) == (False, False)
    assert stock(cup) == (10, 0)


def test_the_way_to_the_customer_consumes_the_stock_once(as_staff, as_user, order, cup):
    assert move(as_staff, order).json()["status"] == "processing"
    assert stock(cup) == (10, 2)
    shipped = move(as_staff, order, status="shipped", tracking_number="UZ123").json()
    assert (shipped["status"], shipped["tracking_number"]) == ("shipped", "UZ123")
    assert stock(cup) == (8, 0)

    refused = as_user.post(url(order, "cancel"))

    assert (refused.status_code, refused.json()["code"]) == (409, "not_cancellable")
    assert refused.json()["allowed"] == ["delivered", "returned"]
    assert move(as_staff, order).json()["status"] == "delivered"
    assert stock(cup) == (8, 0)
    assert list(Movement.objects.values_list("delta", flat=True).order_by("pk")) == [10, -2]


@pytest.mark.parametrize("status", ["shipped", "delivered", "returned", "placed"])
def test_a_move_that_is_not_in_the_table_is_refused(as_staff, order, cup, status):
    answer = move(as_staff, order, status=status)

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    assert answer.json()["allowed"] == ["processing", "cancelled"]
    assert Order.objects.get().status == "placed"
    assert stock(cup) == (10, 2)


@pytest.mark.parametrize("body", [{"status": "sold"}, {"status": 5}, {"total": "1"}])
def test_a_malformed_move_is_refused(as_staff, order, body):
    answer = move(as_staff, order, **body)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


def test_only_staff_with_the_permission_move_orders(client, as_user, stranger, order):
    assert move(client, order).status_code == 401
    assert move(as_user, order).status_code == 403
    assert move(stranger, order).status_code == 403
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    as_clerk = APIClient()
    as_clerk.force_authenticate(clerk)
    assert move(as_clerk, order).status_code == 403

    clerk.user_permissions.add(Permission.objects.get(codename="move_order"))
    as_clerk.force_authenticate(get_user_model().objects.get(pk=clerk.pk))

    assert move(as_clerk, order).status_code == 200


def test_a_foreign_order_is_as_absent_as_an_unknown_one(stranger, order, cup):
    for number in (order["number"], "00000-00000"):
        foreign = {"number": number}
        assert stranger.get(url(foreign)).status_code == 404
        assert stranger.delete(url(foreign)).status_code == 404
        assert stranger.post(url(foreign, "cancel")).status_code == 404
        assert stranger.post(url(foreign, "claim")).status_code == 404
    assert stranger.get(f"{API}orders/").json()["results"] == []
    assert stock(cup) == (10, 2)


def test_nobody_sees_orders_without_credentials(client, order):
    assert client.get(f"{API}orders/").status_code == 401
    assert client.get(url(order)).status_code == 401
    assert client.post(url(order, "cancel")).status_code == 401


def test_a_guest_cancels_with_the_token(client, cup):
    fill(client, (cup, 2))
    order = place(client).json()

    answer = APIClient().post(url(order, "cancel"), headers={"X-Order-Token": order["token"]})

    assert answer.json()["history"][-1]["by"] == "guest"
    assert stock(cup) == (10, 0)


def test_the_list_shows_the_own_orders_newest_first_and_all_to_staff(
    as_user, as_staff, client, cup
):
    fill(client, (cup, 1))
    of_guest = place(client).json()
    numbers = []
    for _ in range(3):
        fill(as_user, (cup, 1))
        numbers.append(place(as_user).json()["number"])

    mine = as_user.get(f"{API}orders/").json()
    everybodys = as_staff.get(f"{API}orders/").json()

    assert [one["number"] for one in mine["results"]] == numbers[::-1]
    assert everybodys["count"] == 4
    found = as_staff.get(f"{API}orders/", {"search": of_guest["number"].lower()}).json()
    assert [one["number"] for one in found["results"]] == [of_guest["number"]]
    assert as_user.get(f"{API}orders/", {"search": "a"}).status_code == 400
    assert as_user.get(f"{API}orders/", {"status": "cancelled"}).json()["count"] == 0
    assert as_user.get(f"{API}orders/", {"status": "sold"}).status_code == 400
    assert as_user.get(f"{API}orders/", {"user": "1"}).status_code == 400
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    assert as_user.get(f"{API}orders/", {"placed_after": tomorrow}).json()["count"] == 0
    assert as_user.get(f"{API}orders/", {"placed_before": tomorrow}).json()["count"] == 3


@pytest.mark.parametrize("orders", [1, 8])
def test_a_list_of_orders_takes_five_statements_at_most(as_user, cup, orders, statements):
    for _ in range(orders):
        fill(as_user, (cup, 1))
        place(as_user)

    with statements(4):
        assert as_user.get(f"{API}orders/").json()["count"] == orders


def test_an_order_past_its_time_gives_its_stock_back(order, cup, capsys):
    make_due(order)

    call_command("shopkit_expire")
    call_command("shopkit_expire")

    assert capsys.readouterr().out == "expired 1 orders\nexpired 0 orders\n"
    assert Order.objects.get().status == "cancelled"
    assert stock(cup) == (10, 0)
    event = Order.objects.get().events.last()
    assert (event.by, event.reason) == ("system", "expired")


def test_what_staff_confirmed_does_not_expire(as_staff, order, cup):
    make_due(order)
    move(as_staff, order)

    call_command("shopkit_expire")

    assert Order.objects.get().status == "processing"
    assert Order.objects.get().expires_at is None
    assert stock(cup) == (10, 2)


def test_no_window_means_no_expiry(as_user, cup, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"UNPAID_WINDOW": None}}
    fill(as_user, (cup, 1))

    assert place(as_user).json()["expires_at"] is None


def test_a_placing_that_comes_up_short_expires_due_orders_first(as_user, client, cup):
    fill(client, (cup, 9))
    of_guest = place(client).json()
    fill(as_user, (cup, 1))
    make_due(of_guest)
    as_user.patch(f"{API}cart/items/{cup.pk}/", {"quantity": 1}, format="json")
    adjust(variant=cup.pk, delta=-1)

    answer = place(as_user)

    assert answer.status_code == 201
    assert Order.objects.get(number=of_guest["number"]).status == "cancelled"
    assert stock(cup) == (9, 1)


def test_orders_that_are_not_due_keep_what_they_hold(as_user, client, cup):
    fill(as_user, (cup, 2))
    fill(client, (cup, 9))
    of_guest = place(client).json()

    assert place(as_user).json()["code"] == "out_of_stock"
    assert Order.objects.get(number=of_guest["number"]).status == "placed"


def test_a_hold_is_extended_but_never_shortened(order):
    pk, before = Order.objects.values_list("pk", "expires_at").get()

    hold_until(pk, moment=before - timedelta(hours=1))
    assert Order.objects.get().expires_at == before
    hold_until(pk, moment=before + timedelta(hours=1))
    assert Order.objects.get().expires_at == before + timedelta(hours=1)


@pytest.mark.parametrize(
    ("cap", "by"),
    [
        ("MAX_OPEN_PER_USER", "user"),
        ("MAX_OPEN_PER_PHONE", "phone"),
        ("MAX_OPEN_PER_ADDRESS", "ip"),
    ],
)
def test_open_unpaid_orders_are_capped(as_user, client, cup, settings, cap, by):
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {cap: 2}}
    buyer = as_user if by == "user" else client
    for number in range(2):
        fill(buyer, (cup, 1))
        phone = "+998901234567" if by != "ip" else f"+99890123456{number}"
        contact = {"name": "Anna", "phone": phone}
        assert place(buyer, contact=contact).status_code == 201
    fill(buyer, (cup, 1))

    answer = place(buyer)

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_open_orders")
    assert answer.headers["Retry-After"] == "60"
    assert Order.objects.count() == 2
    assert stock(cup) == (10, 2)
    pk = Order.objects.values_list("pk", flat=True)[0]
    Order.objects.filter(pk=pk).update(payment_status="paid")
    assert place(buyer).status_code == 201


def test_units_held_by_unpaid_orders_are_capped(as_user, cup, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"MAX_HELD_UNITS": 5}}
    fill(as_user, (cup, 4))
    assert place(as_user).status_code == 201
    fill(as_user, (cup, 2))

    assert place(as_user).json()["code"] == "too_many_open_orders"
    assert stock(cup) == (10, 4)


def test_a_first_order_is_never_refused_for_its_size(as_user, cup, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"MAX_HELD_UNITS": 5}}
    fill(as_user, (cup, 9))

    assert place(as_user).status_code == 201


@pytest.mark.parametrize(
    "columns", [{"total": 1}, {"subtotal": -1, "total": -1}, {"refund_due": 5}, {"paid_total": -1}]
)
def test_the_database_refuses_books_that_do_not_add_up(order, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(**columns)


def test_the_database_takes_one_order_per_state_of_a_cart(order):
    twin = Order.objects.get()
    twin.pk, twin.number = None, "OTHER"

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_site_may_write_its_own_table_of_moves(as_staff, order, cup, settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {"MOVES": {"placed": {"delivered": "consume", "cancelled": "release"}}},
    }

    assert move(as_staff, order).json()["status"] == "delivered"
    assert stock(cup) == (8, 0)


def test_metadata_that_begins_with_an_underscore_is_private(as_user, order):
    Order.objects.update(metadata={"gift": True, "_margin": 5})

    assert as_user.get(url(order)).json()["metadata"] == {"gift": True}


def test_every_reservation_ends_with_its_order(as_staff, as_user, cup):
    for end in (["cancelled"], ["processing", "cancelled"], ["processing", "shipped"]):
        fill(as_user, (cup, 1))
        order = place(as_user).json()
        for status in end:
            assert move(as_staff, order, status=status).status_code == 200

    assert not Reservation.objects.filter(state="open").exists()
    assert stock(cup) == (9, 0)


def test_times_are_utc_whatever_the_zone_of_the_site(as_user, order, settings):
    settings.TIME_ZONE = "Asia/Tashkent"

    shown = as_user.get(url(order)).json()

    assert shown["placed_at"].endswith("Z")
    assert shown["placed_at"] == order["placed_at"]
    assert shown["history"][0]["at"].endswith("Z")


@pytest.mark.parametrize("status", ["", None])
def test_an_empty_status_means_the_next_step(as_staff, order, status):
    assert move(as_staff, order, status=status).json()["status"] == "processing"


@pytest.mark.parametrize(
    "query",
    [{"placed_before": "9999-12-31T23:59:59-14:00"}, {"placed_after": "0001-01-01T00:00:00+14:00"}],
)
def test_a_moment_outside_of_time_is_refused(as_user, query):
    answer = as_user.get(f"{API}orders/", query)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


def test_more_orders_than_one_batch_are_expired_for_a_buyer(as_user, cup, monkeypatch):
    one_by_one = {"variants": None, "limit": 1}
    monkeypatch.setattr(expire_orders, "__kwdefaults__", one_by_one)
    for _ in range(3):
        fill(as_user, (cup, 3))
        place(as_user)
    Order.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    adjust(variant=cup.pk, delta=8)
    fill(as_user, (cup, 9))
    adjust(variant=cup.pk, delta=-8)

    assert place(as_user).status_code == 201
    assert stock(cup) == (10, 9)


def test_an_order_that_cannot_be_cancelled_is_no_trouble_of_another_buyer(
    as_user, client, cup, settings, caplog
):
    fill(as_user, (cup, 1))
    fill(client, (cup, 10))
    stuck = place(client).json()
    make_due(stuck)
    moves = {"placed": {"processing": "none"}, "processing": {"shipped": "consume"}}
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"MOVES": moves}}

    answer = place(as_user)

    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.json()["items"] == [{"variant_id": cup.pk, "available": 0}]
    assert "cannot be expired" in caplog.text
    assert stock(cup) == (10, 10)


def test_staff_claim_no_guests_order_without_its_token(client, as_staff, cup):
    fill(client, (cup, 1))
    guests = place(client).json()

    assert as_staff.post(url(guests, "claim")).status_code == 404
    assert Order.objects.get().user is None


def test_a_note_that_looks_like_the_place_of_a_token_is_left_alone(client, cup):
    fill(client, (cup, 1))

    order = place(client, note='"token":"--token-of-this-order--"').json()

    assert order["note"] == '"token":"--token-of-this-order--"'
    assert order["token"] not in order["note"]
