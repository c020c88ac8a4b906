"""Orders under many hands at once. Each promise is seen broken by a naive variant first."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.cart.owners import new_token, owner_of_token
from shopkit.cart.services import add_to_cart, read_cart
from shopkit.catalog.testing import make_variant
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import Reservation, StockItem
from shopkit.inventory.services import release
from shopkit.inventory.testing import make_stock
from shopkit.orders.contact import Contact
from shopkit.orders.models import Order
from shopkit.orders.services import (
    OrderDraft,
    cancel_order,
    cart_to_order,
    expire_orders,
    place_order,
)
from shopkit.payments.services import mark_paid
from tests.orders.conftest import API, BODY
from tests.threads import at_once, kinds

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ON_POSTGRES = connection.vendor == "postgresql"
BUYERS = 200 if ON_POSTGRES else 40
STOCK = BUYERS // 4


@pytest.fixture(autouse=True)
def no_caps(settings):
    """All buyers share one network address here."""
    open_to_all = {
        "MAX_OPEN_PER_USER": None,
        "MAX_OPEN_PER_PHONE": None,
        "MAX_OPEN_PER_ADDRESS": None,
        "MAX_HELD_UNITS": None,
    }
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": open_to_all,
        "FACTS": {"DELIVERY": "manual"},
    }


def draft_of(*lines, number=0):
    """A draft of a guest's own cart with units of variants in it."""
    owner = owner_of_token(new_token())
    for variant, units in lines:
        add_to_cart(owner, variant_id=variant.pk, quantity=units)
    return OrderDraft(
        owner=owner,
        cart=read_cart(owner),
        contact=Contact(name="Anna", phone=f"+9989012{number:05d}"),
        address={"city": "Nukus", "street": "Berdaq 1"},
    )


def items():
    return {item.variant_id: (item.on_hand, item.reserved) for item in StockItem.objects.all()}


def test_two_hundred_buyers_of_fifty_units_place_fifty_orders():
    cup = make_variant()
    make_stock(cup, on_hand=STOCK)
    drafts = [draft_of((cup, 1), number=n) for n in range(BUYERS)]

    outcomes = at_once([lambda d=d: place_order(d) for d in drafts])

    assert kinds(outcomes) == {"ok": STOCK, "OutOfStock": BUYERS - STOCK}
    assert Order.objects.count() == STOCK
    assert items() == {cup.pk: (STOCK, STOCK)}
    assert_books_balance()


@pytest.mark.postgres
def test_orders_of_three_lines_in_any_order_never_deadlock():
    variants = [make_variant() for _ in range(6)]
    for variant in variants:
        make_stock(variant, on_hand=1000)
    drafts = [
        draft_of(*((one, 1) for one in random.sample(variants, 3)), number=n) for n in range(300)
    ]

    outcomes = at_once([lambda d=d: place_order(d) for d in drafts])

    assert kinds(outcomes) == {"ok": 300}
    assert sum(reserved for _, reserved in items().values()) == 900
    assert_books_balance()


@pytest.mark.postgres
def test_three_lines_locked_in_the_order_of_the_cart_deadlock():
    """The naive form, so that the test above is known to be able to fail."""
    variants = [make_variant() for _ in range(6)]
    for variant in variants:
        make_stock(variant, on_hand=1000)

    def place_naively():
        with transaction.atomic():
            for variant in random.sample(variants, 3):
                item = StockItem.objects.select_for_update().get(variant=variant)
                StockItem.objects.filter(pk=item.pk).update(reserved=F("reserved") + 1)

    outcomes = at_once([place_naively] * 16)

    assert any(isinstance(outcome, OperationalError) for outcome in outcomes)


def test_fifty_cancels_at_once_restore_once():
    cup = make_variant()
    make_stock(cup, on_hand=10)
    order = place_order(draft_of((cup, 4)))

    outcomes = at_once([lambda: cancel_order(order.pk, by="customer")] * 50)

    assert kinds(outcomes) == {"ok": 50}
    assert items() == {cup.pk: (10, 0)}
    assert order.events.filter(to_status="cancelled").count() == 1
    assert_books_balance()


@pytest.mark.postgres
def test_checking_the_status_without_a_lock_restores_again_and_again():
    """The naive form: read the status, then give the units back."""
    cup = make_variant()
    make_stock(cup, on_hand=100)
    mine = place_order(draft_of((cup, 1)))
    place_order(draft_of((cup, 60)))

    def cancel_naively():
        with transaction.atomic():
            order = Order.objects.get(pk=mine.pk)
            if order.status == "cancelled":
                return
            connection.cursor().execute("SELECT pg_sleep(0.02)")
            StockItem.objects.filter(variant=cup).update(reserved=F("reserved") - 1)
            order.status = "cancelled"
            order.save()

    at_once([cancel_naively] * 20)

    assert items()[cup.pk][1] < 60


def test_two_keys_for_one_cart_make_one_order():
    cup = make_variant()
    make_stock(cup, on_hand=100)
    draft = draft_of((cup, 1))

    outcomes = at_once([lambda: place_order(draft)] * 20)

    assert kinds(outcomes) == {"ok": 1, "CartAlreadyOrdered": 19}
    assert items() == {cup.pk: (100, 1)}
    assert_books_balance()


def drafts_of_a_changing_cart(cup, count, *, with_turn):
    """Drafts from several tabs: between two of them one more cup was put into the same cart."""
    owner, drafts = owner_of_token(new_token()), []
    for number in range(count):
        add_to_cart(owner, variant_id=cup.pk, quantity=1)
        cart, turn = cart_to_order(owner)
        draft = OrderDraft(
            owner=owner,
            cart=cart,
            turn=turn if with_turn else None,
            contact=Contact(name="Anna", phone=f"+9989012{number:05d}"),
            address={"city": "Nukus", "street": "Berdaq 1"},
        )
        drafts.append(draft)
    return drafts


def test_of_several_looks_at_one_changing_cart_one_becomes_an_order():
    cup = make_variant()
    make_stock(cup, on_hand=1000)
    drafts = drafts_of_a_changing_cart(cup, 10, with_turn=True)

    outcomes = at_once([lambda d=d: place_order(d) for d in drafts])

    assert kinds(outcomes) == {"ok": 1, "CartAlreadyOrdered": 9}
    assert Order.objects.get().cart_turn == 1


def test_without_turns_the_same_goods_are_ordered_again_and_again():
    """The naive form: the version alone tells two looks apart, and both are believed."""
    cup = make_variant()
    make_stock(cup, on_hand=1000)
    drafts = drafts_of_a_changing_cart(cup, 4, with_turn=False)

    outcomes = [place_order(draft) for draft in drafts]

    assert [order.lines.get().quantity for order in outcomes] == [1, 2, 3, 4]


def test_one_key_from_two_tabs_gives_one_order_and_one_answer():
    cup = make_variant()
    make_stock(cup, on_hand=100)
    token = new_token()
    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=1)

    def post():
        answer = APIClient().post(
            f"{API}orders/",
            BODY,
            format="json",
            headers={"X-Cart-Token": token, "Idempotency-Key": "k-1"},
        )
        return answer.status_code, answer.content

    outcomes = at_once([post] * 20)

    assert {status for status, _ in outcomes} == {201}
    assert len({content for _, content in outcomes}) == 1
    assert Order.objects.count() == 1
    assert items() == {cup.pk: (100, 1)}
    assert_books_balance()


def test_nobody_is_refused_while_expired_orders_hold_what_he_wants():
    cup = make_variant()
    make_stock(cup, on_hand=20)
    for number in range(20):
        place_order(draft_of((cup, 1), number=number))
    drafts = []
    for number in range(20):
        StockItem.objects.filter(variant=cup).update(reserved=0)
        drafts.append(draft_of((cup, 1), number=number))
    StockItem.objects.filter(variant=cup).update(reserved=20)
    Order.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    outcomes = at_once([lambda d=d: place_order(d) for d in drafts])

    assert kinds(outcomes) == {"ok": 20}
    assert items() == {cup.pk: (20, 20)}
    assert Order.objects.filter(status="cancelled").count() == 20
    assert_books_balance()


def test_paying_cancelling_and_expiring_at_once_agree_on_one_outcome():
    cup = make_variant(price="100000")
    make_stock(cup, on_hand=1000)
    for _round in range(10 if ON_POSTGRES else 3):
        orders = [place_order(draft_of((cup, 1), number=n)) for n in range(10)]
        pks = [order.pk for order in orders]
        Order.objects.filter(pk__in=pks).update(expires_at=timezone.now() - timedelta(seconds=1))
        calls = [lambda pk=pk: cancel_order(pk, by="customer") for pk in pks]
        calls += [lambda pk=pk: mark_paid(pk) for pk in pks]
        calls += [expire_orders] * 5
        random.shuffle(calls)

        at_once(calls)

        for order in Order.objects.filter(pk__in=pks):
            held = Reservation.objects.filter(owner=order.stock_owner, state="open").count()
            if order.status == "cancelled":
                # Paid first and cancelled then: the money is due back. Never paid: nothing is.
                due = Decimal(100_000) if order.payment_status == "paid" else Decimal(0)
                assert (order.refund_due, order.paid_total, held) == (due, due, 0)
            else:
                assert (order.status, order.payment_status, held) == ("placed", "paid", 1)
                assert (order.paid_total, order.refund_due) == (Decimal(100_000), Decimal(0))
    still_open = Reservation.objects.filter(state="open").count()
    assert items() == {cup.pk: (1000, still_open)}
    assert_books_balance()


def test_caps_hold_against_many_orders_at_once(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {**settings.SHOPKIT["ORDERS"], "MAX_OPEN_PER_PHONE": 3},
    }
    cup = make_variant()
    make_stock(cup, on_hand=1000)
    drafts = [draft_of((cup, 1)) for _ in range(20)]

    outcomes = at_once([lambda d=d: place_order(d) for d in drafts])

    assert kinds(outcomes) == {"ok": 3, "TooManyOpenOrders": 17}
    assert items() == {cup.pk: (1000, 3)}
    assert_books_balance()


def test_the_cap_on_units_holds_for_a_user_who_orders_to_several_phones_at_once(settings, user):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {**settings.SHOPKIT["ORDERS"], "MAX_HELD_UNITS": 5},
    }
    cup = make_variant()
    make_stock(cup, on_hand=1000)
    drafts = [replace(draft_of((cup, 3), number=n), user=user) for n in range(20)]

    outcomes = at_once([lambda d=d: place_order(d) for d in drafts])

    assert kinds(outcomes) == {"ok": 1, "TooManyOpenOrders": 19}
    assert items() == {cup.pk: (1000, 3)}
    assert_books_balance()


def test_a_release_that_comes_twice_gives_back_once():
    cup = make_variant()
    make_stock(cup, on_hand=10)
    order = place_order(draft_of((cup, 4)))

    def free():
        with transaction.atomic():
            Order.objects.locked(order.pk)
            return release(owner=order.stock_owner)

    assert sorted(at_once([free] * 10)) == [0] * 9 + [4]
    assert items() == {cup.pk: (10, 0)}
