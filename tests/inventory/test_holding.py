"""What a buyer who waits for a row is told once he has it."""

import threading

import pytest
from django.db import connection, transaction

from shopkit.catalog.testing import make_variant
from shopkit.inventory.errors import OutOfStock
from shopkit.inventory.models import Reservation, StockItem
from shopkit.inventory.services import adjust, release, reserve
from shopkit.inventory.testing import make_stock
from tests.threads import at_once, kinds

pytestmark = [
    pytest.mark.race,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def cup():
    """A variant whose only unit somebody holds."""
    variant = make_variant()
    make_stock(variant, on_hand=1)
    with transaction.atomic():
        reserve({variant.pk: 1}, owner="order:A")
    return variant


def while_another_writes(write, wait):
    """Run ``write`` in a transaction and ``wait`` before it commits; return what each did."""
    is_written = threading.Event()

    def first():
        with transaction.atomic():
            write()
            is_written.set()
            connection.cursor().execute("SELECT pg_sleep(0.3)")

    def second():
        is_written.wait(10)
        with transaction.atomic():
            return wait()

    return at_once([first, second])


def stock_of(variant):
    item = StockItem.objects.get(variant=variant)
    return item.on_hand, item.reserved


def test_a_unit_that_comes_back_while_a_buyer_waits_is_his(cup):
    outcomes = while_another_writes(
        lambda: release(owner="order:A"), lambda: reserve({cup.pk: 1}, owner="order:B")
    )

    assert kinds(outcomes) == {"ok": 2}
    assert stock_of(cup) == (1, 1)
    assert list(Reservation.objects.filter(state="open").values_list("owner")) == [("order:B",)]


def test_judging_the_rows_as_they_were_before_the_wait_refuses_what_could_be_sold(cup):
    """The naive form: the condition stands at the row that is updated, not at the locked one."""

    def reserve_naively():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH locked AS (
                    SELECT id FROM shopkit_inventory_stockitem WHERE variant_id = %s FOR UPDATE
                )
                UPDATE shopkit_inventory_stockitem item SET reserved = item.reserved + 1
                FROM locked WHERE item.id = locked.id AND item.on_hand > item.reserved
                """,
                [cup.pk],
            )
            return cursor.rowcount

    outcomes = while_another_writes(lambda: release(owner="order:A"), reserve_naively)

    assert outcomes[1] == 0
    assert stock_of(cup) == (1, 0)


def test_a_unit_that_goes_while_a_buyer_waits_is_not_sold_again(cup):
    with transaction.atomic():
        release(owner="order:A")

    outcomes = while_another_writes(
        lambda: reserve({cup.pk: 1}, owner="order:B"),
        lambda: reserve({cup.pk: 1}, owner="order:C"),
    )

    assert isinstance(outcomes[1], OutOfStock)
    assert outcomes[1].details["items"] == [{"variant_id": cup.pk, "available": 0}]
    assert stock_of(cup) == (1, 1)


def test_units_that_staff_add_while_a_buyer_waits_are_counted(cup):
    outcomes = while_another_writes(
        lambda: adjust(variant=cup.pk, delta=2), lambda: reserve({cup.pk: 2}, owner="order:B")
    )

    assert kinds(outcomes) == {"ok": 2}
    assert stock_of(cup) == (3, 3)
