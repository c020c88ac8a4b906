"""Reserve, consume, release, adjust."""

import pytest
from django.db import IntegrityError, connection, transaction

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_product, make_variant
from shopkit.inventory.availability import StockAvailability
from shopkit.inventory.errors import BelowReserved, OutOfStock, StaleStock
from shopkit.inventory.models import Movement, Reservation, StockItem
from shopkit.inventory.services import adjust, consume, release, reserve, set_on_hand
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db


def stock_of(variant):
    item = StockItem.objects.get(variant=variant)
    return item.on_hand, item.reserved


def test_reserved_units_stay_on_hand_but_are_no_longer_available():
    cup = make_variant()
    make_stock(cup, on_hand=5)

    reserve({cup.pk: 3}, owner="order:A")

    assert stock_of(cup) == (5, 3)
    assert StockAvailability().available([cup.pk]) == {cup.pk: 2}
    assert list(Reservation.objects.values_list("owner", "quantity", "state")) == [
        ("order:A", 3, "open")
    ]


def test_one_short_variant_refuses_all_and_names_every_short_one():
    cup, plate, spoon = make_variant(), make_variant(), make_variant()
    make_stock(cup, on_hand=5)
    make_stock(plate, on_hand=1)

    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        reserve({cup.pk: 3, plate.pk: 2, spoon.pk: 1}, owner="order:A")

    assert refusal.value.details == {
        "items": [
            {"variant_id": plate.pk, "available": 1},
            {"variant_id": spoon.pk, "available": 0},
        ]
    }
    assert stock_of(cup) == (5, 0)
    assert stock_of(plate) == (1, 0)
    assert not Reservation.objects.exists()


def test_consuming_takes_units_off_the_shelf_once_and_writes_the_ledger():
    cup = make_variant()
    make_stock(cup, on_hand=5)
    reserve({cup.pk: 3}, owner="order:A")

    assert consume(owner="order:A") == 3
    assert consume(owner="order:A") == 0
    assert release(owner="order:A") == 0

    assert stock_of(cup) == (2, 0)
    assert list(
        Movement.objects.order_by("pk").values_list("delta", "on_hand_after", "reason", "reference")
    ) == [(5, 5, "adjusted", ""), (-3, 2, "sold", "order:A")]


def test_releasing_frees_units_once():
    cup = make_variant()
    make_stock(cup, on_hand=5)
    reserve({cup.pk: 3}, owner="order:A")

    assert release(owner="order:A") == 3
    assert release(owner="order:A") == 0
    assert consume(owner="order:A") == 0

    assert stock_of(cup) == (5, 0)
    assert Movement.objects.count() == 1


def test_stock_cannot_be_lowered_below_what_orders_hold():
    cup = make_variant()
    make_stock(cup, on_hand=5)
    reserve({cup.pk: 3}, owner="order:A")

    with pytest.raises(BelowReserved) as refusal:
        adjust(variant=cup.pk, delta=-3)

    assert refusal.value.details == {"variant_id": cup.pk, "on_hand": 5, "reserved": 3}
    assert stock_of(cup) == (5, 3)
    assert Movement.objects.count() == 1


def test_a_count_based_on_an_old_number_is_refused():
    cup = make_variant()
    make_stock(cup, on_hand=5)

    with pytest.raises(StaleStock) as refusal:
        set_on_hand(variant=cup.pk, on_hand=9, expected=4)

    assert refusal.value.details == {"on_hand": 5}
    assert stock_of(cup) == (5, 0)
    assert set_on_hand(variant=cup.pk, on_hand=9, expected=5).on_hand == 9


def test_a_change_of_nothing_writes_no_movement():
    cup = make_variant()
    make_stock(cup, on_hand=5)

    set_on_hand(variant=cup.pk, on_hand=5)

    assert Movement.objects.count() == 1


@pytest.mark.parametrize(
    "columns", [{"on_hand": 2, "reserved": 3}, {"on_hand": -1}, {"reserved": -1}]
)
def test_the_database_refuses_what_the_services_would_never_write(columns):
    item = make_stock(make_variant(), on_hand=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(pk=item.pk).update(**columns)


def test_a_product_is_in_stock_as_long_as_one_variant_is():
    product = make_product()
    small, large = make_variant(product=product), make_variant(product=product)
    make_stock(small, on_hand=1)
    make_stock(large, on_hand=1)
    assert Product.objects.get(pk=product.pk).in_stock

    reserve({small.pk: 1}, owner="order:A")
    assert Product.objects.get(pk=product.pk).in_stock

    reserve({large.pk: 1}, owner="order:B")
    assert not Product.objects.get(pk=product.pk).in_stock

    release(owner="order:A")
    assert Product.objects.get(pk=product.pk).in_stock


def test_an_import_with_a_long_name_stands_in_the_ledger_as_far_as_it_fits():
    cup = make_variant()
    make_stock(cup, on_hand=5)

    StockAvailability().set_stock({cup.pk: 7}, reference="import of " + "x" * 200)

    written = Movement.objects.get(reason="imported")
    assert (written.delta, written.reference) == (2, "import of " + "x" * 90)
    written.full_clean()


def test_several_counts_are_written_together_or_not_at_all():
    cup, plate, spoon = make_variant(), make_variant(), make_variant()
    make_stock(cup, on_hand=5)
    make_stock(plate, on_hand=5)
    reserve({plate.pk: 4}, owner="order:A")
    provider = StockAvailability()

    with pytest.raises(BelowReserved) as refusal:
        provider.set_stock({cup.pk: 1, plate.pk: 3}, reference="import")
    assert refusal.value.details["variant_id"] == plate.pk
    assert stock_of(cup) == (5, 0)

    provider.set_stock({cup.pk: 0, plate.pk: 7, spoon.pk: 2}, reference="import")

    assert [stock_of(one) for one in (cup, plate, spoon)] == [(0, 0), (7, 4), (2, 0)]
    assert list(
        Movement.objects.filter(reason="imported").order_by("pk").values_list("delta", "reference")
    ) == [(-5, "import"), (2, "import"), (2, "import")]
    assert not Product.objects.get(pk=cup.product_id).in_stock
    assert Product.objects.get(pk=spoon.product_id).in_stock


@pytest.mark.parametrize("lines", [1, 20])
def test_statements_do_not_grow_with_the_number_of_variants(lines, django_assert_num_queries):
    wanted = {make_variant().pk: 1 for _ in range(lines)}
    StockAvailability().receive(dict.fromkeys(wanted, 5))

    with transaction.atomic():
        with django_assert_num_queries(2 if connection.vendor == "postgresql" else 4):
            reserve(wanted, owner="order:A")
        with django_assert_num_queries(7):
            consume(owner="order:A")
