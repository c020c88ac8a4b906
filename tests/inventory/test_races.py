"""Stock under many hands at once. Every promise is seen broken by a naive variant first."""

import random
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_product, make_variant
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.availability import StockAvailability
from shopkit.inventory.errors import OutOfStock
from shopkit.inventory.models import Reservation, StockItem
from shopkit.inventory.services import adjust, consume, release, reserve
from shopkit.inventory.testing import make_stock
from tests.threads import at_once, kinds

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

# SQLite lets one writer in at a time; fewer threads prove the same there.
BUYERS = 200 if connection.vendor == "postgresql" else 40
STOCK = BUYERS // 4


def buy(wanted, owner):
    with transaction.atomic():
        reserve(wanted, owner=owner)


def test_as_many_as_there_are_get_one_and_nobody_is_refused_who_could_be_served():
    cup = make_variant()
    make_stock(cup, on_hand=STOCK)

    outcomes = at_once([lambda n=n: buy({cup.pk: 1}, f"order:{n}") for n in range(BUYERS)])

    assert kinds(outcomes) == {"ok": STOCK, "OutOfStock": BUYERS - STOCK}
    item = StockItem.objects.get(variant=cup)
    assert (item.on_hand, item.reserved) == (STOCK, STOCK)
    assert Reservation.objects.count() == STOCK
    assert_books_balance("inventory", "catalog.cached")
    assert not Product.objects.get(pk=cup.product_id).in_stock


@pytest.mark.postgres
def test_reading_first_and_writing_later_sells_more_than_there_is():
    """The naive form, so that the test above is known to be able to fail."""
    cup = make_variant()
    make_stock(cup, on_hand=STOCK)

    def buy_naively(owner):
        with transaction.atomic():
            item = StockItem.objects.get(variant=cup)
            if item.available < 1:
                raise OutOfStock
            item.reserved += 1
            item.save()
            Reservation.objects.create(item=item, owner=owner, quantity=1)

    at_once([lambda n=n: buy_naively(f"order:{n}") for n in range(BUYERS)])

    assert Reservation.objects.count() > STOCK


@pytest.mark.postgres
def test_orders_of_several_lines_in_any_line_order_never_deadlock():
    variants = [make_variant() for _ in range(6)]
    for variant in variants:
        make_stock(variant, on_hand=1000)

    def buy_three(number):
        chosen = random.sample(variants, 3)
        buy({variant.pk: 1 for variant in chosen}, f"order:{number}")

    outcomes = at_once([lambda n=n: buy_three(n) for n in range(300)])

    assert kinds(outcomes) == {"ok": 300}
    assert sum(StockItem.objects.values_list("reserved", flat=True)) == 900
    assert_books_balance("inventory", "catalog.cached")


@pytest.mark.postgres
def test_taking_rows_in_the_order_of_the_lines_deadlocks():
    """The naive form: conditional updates, right in numbers, but in the customer's order."""
    variants = [make_variant() for _ in range(6)]
    for variant in variants:
        make_stock(variant, on_hand=1000)

    def buy_naively(number):
        with transaction.atomic():
            for variant in random.sample(variants, 3):
                enough = StockItem.objects.filter(variant=variant, on_hand__gt=F("reserved"))
                enough.update(reserved=F("reserved") + 1)

    outcomes = at_once([lambda n=n: buy_naively(n) for n in range(16)])

    assert any(isinstance(outcome, OperationalError) for outcome in outcomes)


@pytest.mark.postgres
def test_in_stock_is_exact_when_all_variants_sell_out_at_once():
    for _round in range(10):
        product = make_product()
        variants = [make_variant(product=product) for _ in range(8)]
        for variant in variants:
            make_stock(variant, on_hand=1)

        outcomes = at_once([lambda v=v: buy({v.pk: 1}, f"order:{v.pk}") for v in variants])

        assert kinds(outcomes) == {"ok": 8}
        assert not Product.objects.get(pk=product.pk).in_stock
    assert_books_balance("inventory", "catalog.cached")


@pytest.mark.postgres
def test_asking_before_locking_leaves_a_sold_out_product_in_stock():
    """The naive form of the flag: each seller still sees the others' last unit."""
    wrong = 0
    for _round in range(10):
        product = make_product()
        variants = [make_variant(product=product) for _ in range(8)]
        for variant in variants:
            make_stock(variant, on_hand=1)
        at_once([lambda v=v: _buy_and_ask_first(v) for v in variants])
        wrong += Product.objects.get(pk=product.pk).in_stock
    assert wrong


def _buy_and_ask_first(variant):
    with transaction.atomic():
        StockItem.objects.filter(variant=variant).update(reserved=F("reserved") + 1)
        others = StockItem.objects.filter(
            variant__product=variant.product_id, on_hand__gt=F("reserved")
        )
        is_left = others.exists()
        connection.cursor().execute("SELECT pg_sleep(0.02)")
        Product.objects.filter(pk=variant.product_id).update(in_stock=is_left)


def test_one_reservation_ends_once_whoever_ends_it():
    cup = make_variant()
    make_stock(cup, on_hand=10)
    buy({cup.pk: 4}, "order:A")

    def end(service):
        with transaction.atomic():
            # As orders do it: the owner's row first. Here the stock row stands in for it.
            list(StockItem.objects.locked([cup.pk]))
            return service(owner="order:A")

    outcomes = at_once([lambda s=s: end(s) for s in [release, consume] * 10])

    assert sorted(outcomes) == [0] * 19 + [4]
    assert_books_balance("inventory", "catalog.cached")
    item = StockItem.objects.get(variant=cup)
    assert item.reserved == 0
    assert item.on_hand in {10, 6}


@pytest.mark.postgres
def test_staff_counting_while_customers_buy_loses_nothing():
    cup = make_variant()
    make_stock(cup, on_hand=100)

    calls = [lambda n=n: buy({cup.pk: 1}, f"order:{n}") for n in range(50)]
    calls += [lambda: adjust(variant=cup.pk, delta=1)] * 25
    calls += [lambda: adjust(variant=cup.pk, delta=-1)] * 25
    random.shuffle(calls)
    outcomes = at_once(calls)

    assert kinds(outcomes) == {"ok": 100}
    item = StockItem.objects.get(variant=cup)
    assert (item.on_hand, item.reserved) == (100, 50)
    assert_books_balance("inventory", "catalog.cached")


@pytest.mark.postgres
def test_counting_a_whole_product_while_its_last_units_are_bought_never_deadlocks():
    for _round in range(5):
        product = make_product()
        variants = [make_variant(product=product) for _ in range(6)]
        for variant in variants:
            make_stock(variant, on_hand=1)
        counts = {variant.pk: random.choice([1, 2]) for variant in variants}

        calls = [lambda v=v: buy({v.pk: 1}, f"order:{v.pk}") for v in variants]
        calls += [partial(StockAvailability().set_stock, counts, reference="count")] * 6
        random.shuffle(calls)
        outcomes = at_once(calls)

        assert set(kinds(outcomes)) <= {"ok", "OutOfStock"}
        left = StockItem.objects.filter(variant__product=product, on_hand__gt=F("reserved"))
        assert Product.objects.get(pk=product.pk).in_stock == left.exists()
    assert_books_balance("inventory", "catalog.cached")


@pytest.mark.postgres
def test_counting_one_row_after_the_other_deadlocks_with_buyers():
    """The naive form: the product is locked by the first row's flag, then the next row is."""

    def count_naively(variants):
        with transaction.atomic():
            for variant in variants:
                adjust(variant=variant.pk, delta=1)
                connection.cursor().execute("SELECT pg_sleep(0.02)")

    for _round in range(10):
        product = make_product()
        variants = [make_variant(product=product) for _ in range(4)]
        for variant in variants[1:]:
            make_stock(variant, on_hand=1)
        calls = [partial(count_naively, variants)]
        calls += [partial(buy, {v.pk: 1}, f"order:{v.pk}") for v in variants[1:]]
        if any(isinstance(one, OperationalError) for one in at_once(calls)):
            return
    pytest.fail("The naive form was expected to deadlock.")
