"""Orders from carts in Redis: over HTTP, and while Redis is away, frozen or emptied."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from shopkit.cart.owners import owner_of_user
from shopkit.cart.services import add_to_cart, read_cart
from shopkit.core.facts import deliver_due
from shopkit.core.models import Delivery, IdempotencyKey
from shopkit.inventory.models import Reservation, StockItem
from shopkit.orders.contact import Contact
from shopkit.orders.models import Order
from shopkit.orders.receivers import take_out_of_cart
from shopkit.orders.services import OrderDraft, place_order
from tests.orders.conftest import API, fill, place

pytestmark = pytest.mark.django_db(transaction=True)
CART = f"{API}cart/"
REMOVAL = "shopkit.orders.receivers.take_out_of_cart"


@pytest.fixture(autouse=True)
def site(settings, redis_server):
    """Carts on a server of the test's own; facts wait until they are asked for."""
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "CART": {
            "BACKEND": "shopkit.cart.stores.redis.RedisCartStore",
            "OPTIONS": {"url": redis_server.url, "timeout": 0.3, "connect_timeout": 0.3},
        },
        "FACTS": {"DELIVERY": "manual"},
    }


@pytest.fixture
def lose_the_removal(redis_server, monkeypatch):
    """Redis is full between the order's commit and the removal, and has room again afterwards."""

    def place_meanwhile(client: Any, **changes: Any) -> Any:
        from shopkit.orders.services import place as placing

        take_out = placing.take_out

        def take_out_of_full(*args: Any) -> None:
            redis_server.call("CONFIG", "SET", "maxmemory", "1mb")
            try:
                take_out(*args)
            finally:
                redis_server.call("CONFIG", "SET", "maxmemory", "0")

        with monkeypatch.context() as patched:
            patched.setattr(placing, "take_out", take_out_of_full)
            return place(client, **changes)

    return place_meanwhile


def bring_the_news() -> Delivery:
    """Deliver what is due, to whoever is told; return the row of the cart's news."""
    deliver_due()
    return Delivery.objects.get(subscriber=REMOVAL)


def units(client: Any) -> dict[int, int]:
    return {line["id"]: line["quantity"] for line in client.get(CART).json()["items"]}


def reserved() -> dict[int, int]:
    return dict(StockItem.objects.values_list("variant_id", "reserved"))


@pytest.mark.parametrize("who", ["guest", "user"])
def test_an_order_takes_its_goods_out_of_the_cart_and_leaves_the_rest(
    client, as_user, cup, plate, who
):
    buyer = {"guest": client, "user": as_user}[who]
    fill(buyer, (cup, 3), (plate, 1))

    answer = place(buyer, item_ids=[cup.pk])

    assert answer.status_code == 201
    assert units(buyer) == {plate.pk: 1}
    assert buyer.get(CART).json()["lost"] is False
    assert reserved() == {cup.pk: 3, plate.pk: 0}
    assert not Order.objects.get().is_in_cart


def test_an_ordered_cart_is_empty_and_not_lost(as_user, cup):
    fill(as_user, (cup, 3))
    place(as_user)

    body = as_user.get(CART).json()

    assert (body["items"], body["lost"]) == ([], False)
    again = place(as_user)
    assert (again.status_code, again.json()["code"], again.json()["lost"]) == (
        409,
        "empty_cart",
        False,
    )


def test_two_keys_for_one_cart_make_one_order(as_user, cup, lose_the_removal):
    fill(as_user, (cup, 3))

    first = lose_the_removal(as_user, key="a")
    second = place(as_user, key="b")

    assert (first.status_code, second.status_code) == (201, 409)
    assert Order.objects.count() == 1


def test_news_that_come_again_take_out_nothing_that_was_put_in_since(as_user, cup):
    fill(as_user, (cup, 3))
    place(as_user)
    fill(as_user, (cup, 2))

    for _ in range(2):
        take_out_of_cart(Order.objects.get().pk)
    assert bring_the_news().attempts == 1

    assert units(as_user) == {cup.pk: 2}


def test_an_order_succeeds_though_redis_fails_and_the_fact_removes_later(
    as_user, cup, lose_the_removal
):
    fill(as_user, (cup, 3))

    answer = lose_the_removal(as_user)

    assert answer.status_code == 201
    assert Order.objects.get().is_in_cart
    assert units(as_user) == {cup.pk: 3}
    assert bring_the_news().attempts == 1
    assert units(as_user) == {}
    assert not Order.objects.get().is_in_cart


def test_the_fact_waits_for_a_redis_that_is_still_away(as_user, cup, redis_server):
    fill(as_user, (cup, 3))
    place(as_user)
    Order.objects.update(is_in_cart=True)
    redis_server.freeze()

    assert bring_the_news().attempts == 1

    redis_server.thaw()
    row = Delivery.objects.get(subscriber=REMOVAL)
    assert (row.delivered_at, row.attempts) == (None, 1)
    assert row.last_error.startswith("BackendError")


def test_goods_that_have_not_left_the_cart_are_not_ordered_again(
    as_user, cup, plate, lose_the_removal
):
    fill(as_user, (cup, 3))
    lose_the_removal(as_user)
    fill(as_user, (plate, 1))  # a cart that is no longer the one that was ordered
    assert units(as_user) == {cup.pk: 3, plate.pk: 1}

    answer = place(as_user)

    assert answer.status_code == 201
    assert [item["variant_id"] for item in answer.json()["items"]] == [plate.pk]
    assert reserved() == {cup.pk: 3, plate.pk: 1}
    assert units(as_user) == {}


def test_a_look_that_leaves_removals_open_orders_the_same_goods_again(
    as_user, user, cup, lose_the_removal
):
    """The naive form: read the cart as it is, and order that."""
    fill(as_user, (cup, 3))
    lose_the_removal(as_user)
    fill(as_user, (cup, 2))
    owner = owner_of_user(user)

    place_order(
        OrderDraft(
            owner=owner,
            cart=read_cart(owner),
            contact=Contact(name="Anna", phone="+998901234567"),
            address={"city": "Nukus", "street": "Berdaq 1"},
        )
    )

    assert reserved() == {cup.pk: 8}


def test_more_of_the_same_goods_can_be_ordered_meanwhile(as_user, cup, lose_the_removal):
    fill(as_user, (cup, 3))
    lose_the_removal(as_user)
    fill(as_user, (cup, 2))

    answer = place(as_user)

    assert [item["quantity"] for item in answer.json()["items"]] == [2]
    assert reserved() == {cup.pk: 5}


def test_an_order_remembers_its_removal_when_redis_has_forgotten_it(as_user, cup, redis_server):
    fill(as_user, (cup, 3))
    place(as_user)
    redis_server.call("FLUSHALL")
    fill(as_user, (cup, 3))

    assert bring_the_news().attempts == 1

    assert units(as_user) == {cup.pk: 3}


def test_a_lost_cart_is_no_empty_one_to_who_wants_to_order_it(client, as_user, cup, redis_server):
    for buyer in (client, as_user):
        fill(buyer, (cup, 1))
    redis_server.call("FLUSHALL")

    for buyer in (client, as_user):
        answer = place(buyer)
        assert (answer.status_code, answer.json()["code"]) == (409, "empty_cart")
        assert answer.json()["lost"] is True
    assert not Order.objects.exists()


@pytest.mark.parametrize("way", ["freeze", "stop"])
def test_an_order_while_redis_is_away_is_503_and_changes_nothing(as_user, cup, redis_server, way):
    fill(as_user, (cup, 3))
    getattr(redis_server, way)()

    answer = place(as_user, key="a")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert int(answer["Retry-After"]) > 0
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert not Delivery.objects.exists()


def test_the_same_order_can_be_sent_again_when_redis_is_back(as_user, cup, redis_server):
    fill(as_user, (cup, 3))
    redis_server.freeze()
    assert place(as_user, key="a").status_code == 503
    redis_server.thaw()

    assert place(as_user, key="a").status_code == 201

    assert reserved() == {cup.pk: 3}


@pytest.mark.parametrize("who", ["guest", "user"])
def test_what_was_answered_is_answered_again_while_redis_is_away(
    client, as_user, cup, redis_server, who
):
    buyer = {"guest": client, "user": as_user}[who]
    fill(buyer, (cup, 3))
    first = place(buyer, key="a")
    redis_server.stop()

    again, other = place(buyer, key="a"), place(buyer, key="a", note="another body")

    assert (again.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert place(buyer, key="b").status_code == 503
    assert Order.objects.count() == 1


BOOK = {"home": {"city": "Nukus", "street": "Berdaq 1"}}


def address_of(user: Any, pk: int) -> dict[str, str] | None:
    """An address book that tests may empty."""
    return BOOK.get("home") if pk == 1 else None


def test_a_saved_address_that_was_deleted_does_not_change_what_was_answered(
    as_user, cup, settings, monkeypatch
):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {"ADDRESS_BOOK": "tests.orders.test_redis_cart.address_of"},
    }
    fill(as_user, (cup, 1))
    body = {"contact": {"name": "Anna", "phone": "+998901234567"}, "address_id": 1}

    def order(key: str, **changes: Any) -> Any:
        headers = {"Idempotency-Key": key}
        return as_user.post(f"{API}orders/", {**body, **changes}, format="json", headers=headers)

    first = order("a")
    monkeypatch.delitem(BOOK, "home")

    assert (first.status_code, first.json()["address"]["city"]) == (201, "Nukus")
    assert (order("a").status_code, order("a").content) == (201, first.content)
    assert order("a", address_id=2).status_code == 422
    assert order("b").status_code == 400


def test_placing_three_lines_takes_at_most_sixteen_statements(
    as_user, cup, plate, django_assert_max_num_queries
):
    user = get_user_model().objects.get(username="anna")
    fill(as_user, (cup, 1), (plate, 1))
    add_to_cart(owner_of_user(user), variant_id=cup.pk, quantity=1)

    with django_assert_max_num_queries(1000) as seen:
        assert place(as_user, key="k").status_code == 201

    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    counted = [one for one in seen.captured_queries if not one["sql"].startswith(control)]
    assert len(counted) <= 15  # and one more for authentication
    assert read_cart(owner_of_user(user)).lines == {}
