"""``stock_low`` is announced when the mark is crossed, in the transaction that crosses it."""

import pytest
from django.db import transaction

from shopkit.catalog.testing import make_variant
from shopkit.core.models import Delivery
from shopkit.inventory.facts import stock_low
from shopkit.inventory.services import adjust, consume, release, reserve
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db


def hear(variant_id, crossing):
    """A subscriber; what it is called with stands in the outbox."""


@pytest.fixture(autouse=True)
def listening(monkeypatch, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    monkeypatch.setattr(stock_low, "_subscribers", {})
    stock_low.subscribe(hear)


@pytest.fixture
def cup():
    variant = make_variant()
    make_stock(variant, on_hand=10)
    return variant


def announced():
    rows = Delivery.objects.filter(fact="inventory.stock_low").order_by("pk")
    return [row.ids["variant_id"] for row in rows]


def hold(variant, units, owner="order:A"):
    with transaction.atomic():
        reserve({variant.pk: units}, owner=owner)


def test_falling_to_the_mark_is_low_and_falling_further_is_no_news(cup):
    hold(cup, 4, "order:A")  # 6 left
    assert announced() == []
    hold(cup, 1, "order:B")  # 5 left, the mark
    assert announced() == [cup.pk]
    hold(cup, 3, "order:C")
    adjust(variant=cup.pk, delta=-1)

    assert announced() == [cup.pk]


def test_each_crossing_is_named_apart(cup):
    hold(cup, 8)
    release(owner="order:A")
    hold(cup, 8, "order:B")

    assert announced() == [cup.pk, cup.pk]
    assert len(set(Delivery.objects.values_list("ids__crossing", flat=True))) == 2


def test_shipping_what_was_reserved_is_no_crossing(cup):
    hold(cup, 7)
    consume(owner="order:A")

    assert announced() == [cup.pk]


def test_coming_up_to_the_mark_is_not_low(cup):
    adjust(variant=cup.pk, delta=-10)
    adjust(variant=cup.pk, delta=+5)

    assert announced() == [cup.pk]


def test_first_stock_is_not_low():
    make_stock(make_variant(), on_hand=2)

    assert announced() == []


def test_all_that_fall_together_are_told(cup):
    plate = make_variant()
    make_stock(plate, on_hand=6)
    full = make_variant()
    make_stock(full, on_hand=60)

    with transaction.atomic():
        reserve({plate.pk: 1, full.pk: 1, cup.pk: 5}, owner="order:A")

    assert announced() == sorted([cup.pk, plate.pk])


def test_a_rollback_takes_the_news_back(cup):
    with transaction.atomic():
        reserve({cup.pk: 9}, owner="order:A")
        transaction.set_rollback(True)

    assert announced() == []


@pytest.mark.parametrize(("mark", "units"), [(0, 10), (9, 1)])
def test_the_site_sets_the_mark(cup, settings, mark, units):
    settings.SHOPKIT = {**settings.SHOPKIT, "INVENTORY": {"LOW_STOCK": mark}}
    if units > 1:
        hold(cup, units - 1)
    assert announced() == []

    hold(cup, 1, "order:B")

    assert announced() == [cup.pk]


def test_without_a_mark_nothing_is_low(cup, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "INVENTORY": {"LOW_STOCK": None}}

    hold(cup, 10)

    assert announced() == []


def test_a_mark_below_nothing_is_refused(settings):
    from django.core.exceptions import ImproperlyConfigured

    from shopkit.inventory.conf import inventory_settings

    settings.SHOPKIT = {**settings.SHOPKIT, "INVENTORY": {"LOW_STOCK": -1}}

    with pytest.raises(ImproperlyConfigured, match="LOW_STOCK"):
        inventory_settings()
