"""The doctor in a shop that sells meanwhile, and the books after a storm of everything at once."""

import random
import threading
import time
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from shopkit.catalog.models import Category, Product, Variant
from shopkit.catalog.services.products import update_product
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.services.variants import update_variant
from shopkit.core.doctor import Finding, Probe, chosen, examine
from shopkit.core.errors import Refusal
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import Reservation, StockItem
from shopkit.inventory.services import adjust
from shopkit.orders.models import Order
from shopkit.orders.services import cancel_order, expire_orders, move_order, place_order
from shopkit.payments.services import mark_paid, start_payment
from tests.threads import at_once

from .shop import ago, draft_of, make_product, make_twin

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SEED = 20260
HANDS = 8
STEPS = 40 if connection.vendor == "postgresql" else 8


@pytest.fixture(autouse=True)
def open_to_all(settings):
    """All buyers share one network address here."""
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {"MAX_OPEN_PER_PHONE": None, "MAX_HELD_UNITS": None, "MAX_OPEN_PER_USER": None},
        "FACTS": {"DELIVERY": "manual"},
    }


class Hand:
    """Somebody who does one thing after the other, by chance but always by the same."""

    def __init__(self, number):
        self.chance = random.Random(SEED + number)
        self.number = number
        self.done = Counter()
        self.acts = [
            *[self.buy] * 6, self.cancel, self.cancel, self.pay, self.pay, self.start, self.move,
            self.move, self.count, self.expire, self.reprice, self.switch, self.hide, self.shift,
        ]  # fmt: skip

    def run(self, keeps_on):
        while keeps_on(sum(self.done.values())):
            act = self.chance.choice(self.acts)
            try:
                act()
            except Refusal as refusal:
                self.done[f"{act.__name__}: {refusal.code}"] += 1
            except Variant.DoesNotExist:
                # Somebody switched it off on its way into the cart.
                self.done[f"{act.__name__}: gone"] += 1
            else:
                self.done[act.__name__] += 1
        return self.done

    def some(self, model, **which):
        keys = list(model.objects.filter(**which).order_by("pk").values_list("pk", flat=True))
        return self.chance.choice(keys) if keys else 0

    def buy(self):
        variants = list(Variant.objects.on_sale().order_by("pk"))
        chosen = self.chance.sample(variants, min(len(variants), self.chance.randint(1, 3)))
        if chosen:
            lines = [(one, self.chance.randint(1, 3)) for one in chosen]
            place_order(draft_of(*lines, number=self.number))

    def cancel(self):
        if pk := self.some(Order):
            cancel_order(pk, by="customer")

    def pay(self):
        if pk := self.some(Order):
            mark_paid(pk)

    def start(self):
        if pk := self.some(Order, status="placed"):
            start_payment(pk, provider="offline")

    def move(self):
        if pk := self.some(Order):
            move_order(pk, by="staff")

    def count(self):
        if pk := self.some(Variant):
            adjust(variant=pk, delta=self.chance.choice([-4, -1, 2, 5]))

    def expire(self):
        due = self.some(Order, status="placed", payment_status="unpaid")
        Order.objects.filter(pk=due, status="placed").update(expires_at=ago(seconds=1))
        expire_orders()

    def reprice(self):
        variant = Variant.objects.get(pk=self.some(Variant))
        update_variant(variant, changes={"price": Decimal(self.chance.randint(90_000, 120_000))})

    def switch(self):
        variant = Variant.objects.get(pk=self.some(Variant))
        update_variant(variant, changes={"is_active": not variant.is_active})

    def hide(self):
        product = Product.objects.get(pk=self.some(Product))
        update_product(product, changes={"is_active": not product.is_active})

    def shift(self):
        shirts = Category.objects.get(name="Shirts")
        parent = Category.objects.get(name=self.chance.choice(["Clothing", "Trousers"]))
        update_category(shirts, changes={"parent": parent, "is_active": self.chance.random() < 0.8})


def open_the_shop():
    """Three products of two sizes in one category, sixty or so of each."""
    first = make_product()
    shelf = [first, *(make_twin(first, number) for number in (2, 3))]
    for variant in Variant.objects.filter(product__in=shelf):
        adjust(variant=variant.pk, delta=30)


@pytest.mark.postgres
def test_a_busy_shop_gives_no_false_alarm():
    open_the_shop()
    is_over = threading.Event()
    alarms, outcomes = [], []
    hands = [
        threading.Thread(
            target=lambda n=n: outcomes.append(working(n, lambda _done: not is_over.is_set()))
        )
        for n in range(HANDS)
    ]
    for hand in hands:
        hand.start()
    try:
        for _round in range(6):
            for one in chosen():
                alarms += [(one.name, found.subject, found.message) for found in examine(one)]
    finally:
        is_over.set()
        for hand in hands:
            hand.join(60)

    assert alarms == []
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert sum((one for one in outcomes), Counter())["buy"] > 20
    assert_books_balance()


def working(number, keeps_on):
    try:
        return Hand(number).run(keeps_on)
    except Exception as error:  # noqa: BLE001 - asserted on by the test
        return error
    finally:
        connections.close_all()


def two_questions():
    """Reserved is the sum of open reservations, asked in two statements."""
    counted = StockItem.objects.aggregate(sum=Sum("reserved"))["sum"]
    time.sleep(0.02)
    held = Reservation.objects.filter(state="open").aggregate(sum=Sum("quantity"))["sum"]
    if counted != (held or 0):
        yield Finding("the stock", f"{counted} reserved, {held} held")


@pytest.mark.postgres
def test_two_questions_without_a_snapshot_raise_false_alarms():
    """The naive form, so that the test above is known to be able to fail."""
    open_the_shop()
    asked = Probe("shop.two_questions", "", "", two_questions)
    is_over = threading.Event()
    hands = [
        threading.Thread(target=lambda n=n: working(n, lambda _done: not is_over.is_set()))
        for n in range(4)
    ]
    for hand in hands:
        hand.start()
    try:
        naive, proper = 0, 0
        for _round in range(60):
            with transaction.atomic():
                naive += len(list(two_questions()))
            proper += len(list(examine(asked)))
            if naive >= 3 and _round >= 20:
                break
    finally:
        is_over.set()
        for hand in hands:
            hand.join(60)

    assert (naive > 0, proper) == (True, 0)


def test_the_books_balance_after_a_storm_of_everything():
    open_the_shop()

    outcomes = at_once([lambda n=n: working(n, lambda done: done < STEPS) for n in range(HANDS)])

    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    done = sum(outcomes, Counter())
    assert sum(done.values()) == HANDS * STEPS
    assert done["buy"] > HANDS
    assert_books_balance()


@pytest.mark.postgres
def test_a_storm_with_one_naive_hand_is_seen():
    """The naive form: a clerk who reads the shelf, thinks, and writes back what he makes of it."""
    open_the_shop()
    is_over = threading.Event()

    def naive():
        try:
            while not is_over.is_set():
                for item in StockItem.objects.all():
                    time.sleep(0.01)
                    if item.available:
                        item.on_hand -= 1
                        item.save()
        except Exception:  # noqa: BLE001 - the CHECKs stop him at last
            return
        finally:
            connections.close_all()

    clerk = threading.Thread(target=naive)
    clerk.start()
    at_once([lambda n=n: working(n, lambda done: done < 20) for n in range(4)])
    is_over.set()
    clerk.join(60)

    with pytest.raises(AssertionError, match=r"inventory\.ledger"):
        assert_books_balance()
