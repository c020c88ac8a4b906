"""Use cases whose transaction the database failed once, as it does to one of two in a deadlock."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from shopkit.inventory.models import StockItem
from shopkit.inventory.services import adjust, set_on_hand
from shopkit.orders.models import Order, OrderEvent
from shopkit.orders.services import cancel_order, expire_all, move_order
from tests.orders.conftest import fill, place

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gives_way() -> Iterator[Callable[[str], None]]:
    """``gives_way(table)``: the next insert there fails as a deadlock's loser does; later ones not.

    A sequence counts, because no rollback takes its numbers back.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE tests_tries")
        cursor.execute("""
            CREATE FUNCTION tests_give_way() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('tests_tries') = 1 THEN
                    RAISE EXCEPTION 'gave way' USING ERRCODE = '40P01';
                END IF;
                RETURN NEW;
            END $$
        """)

        def prepare(table: str) -> None:
            cursor.execute(
                f"CREATE TRIGGER tests_give_way BEFORE INSERT ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION tests_give_way()"
            )

        yield prepare
        cursor.execute("DROP FUNCTION tests_give_way CASCADE")
        cursor.execute("DROP SEQUENCE tests_tries")


EVENTS, MOVEMENTS = OrderEvent._meta.db_table, "shopkit_inventory_movement"


@pytest.fixture
def order(client: Any, cup: Any) -> Order:
    """An order of two cups."""
    fill(client, (cup, 2))
    assert place(client).status_code == 201
    return Order.objects.get()


@pytest.mark.parametrize("key", ["", "key-1"])
def test_placing_an_order_is_tried_again(client, cup, gives_way, key):
    fill(client, (cup, 2))
    gives_way(EVENTS)

    assert place(client, key=key).status_code == 201

    assert Order.objects.count() == 1
    assert StockItem.objects.get().reserved == 2


def test_moving_is_tried_again(order, gives_way):
    gives_way(EVENTS)

    assert move_order(order.pk, to="processing", by="staff").status == "processing"
    assert order.events.filter(to_status="processing").count() == 1


def test_cancelling_is_tried_again_and_restores_once(order, gives_way):
    gives_way(EVENTS)

    assert cancel_order(order.pk, by="customer").status == "cancelled"
    assert StockItem.objects.get().reserved == 0


def test_expiring_is_tried_again(order, gives_way):
    Order.objects.update(expires_at=Now() - timedelta(days=1))
    gives_way(EVENTS)

    assert expire_all() == 1
    assert StockItem.objects.get().reserved == 0


@pytest.mark.parametrize(
    "change",
    [lambda pk: adjust(variant=pk, delta=5), lambda pk: set_on_hand(variant=pk, on_hand=15)],
)
def test_changing_the_stock_is_tried_again_and_counts_once(cup, gives_way, change):
    gives_way(MOVEMENTS)

    assert change(cup.pk).on_hand == 15
    assert StockItem.objects.get().movements.filter(delta=5).count() == 1


def test_inside_the_sites_own_transaction_nothing_is_tried_again(order, gives_way):
    gives_way(EVENTS)

    with pytest.raises(OperationalError), transaction.atomic():
        cancel_order(order.pk, by="customer")

    order.refresh_from_db()
    assert order.status == "placed"
