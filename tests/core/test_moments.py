"""Moments that the database's clock has written, asked for by moments that were read."""

import time
from datetime import datetime, timedelta, timezone

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from shopkit.core.api.filters import MomentFilter
from shopkit.orders.models import Order, OrderLine
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

URL = f"{API}orders/"
SECOND = datetime(2026, 5, 1, 12, 0, 0, tzinfo=timezone.utc)


@pytest.fixture
def orders(as_user, cup):  # noqa: F811 - the fixture
    """Keys of six orders, newest first, whose moments the database's clock has written."""
    keys = []
    for _ in range(6):
        fill(as_user, (cup, 1))
        keys.append(Order.objects.get(number=place(as_user).json()["number"]).pk)
        Order.objects.filter(pk=keys[-1]).update(placed_at=Now())
        time.sleep(0.002)
    return keys[::-1]


def walk(client):
    """Return the numbers of all rows, one by one, and those of the way back."""
    there, back = [], []
    page = client.get(URL, {"cursor": "", "page_size": 1}).json()
    there += page["results"]
    while page["next"]:
        page = client.get(page["next"]).json()
        there += page["results"]
        assert len(there) < 20, "The walk has no end."
    while page["previous"]:
        page = client.get(page["previous"]).json()
        back += page["results"]
        assert len(back) < 20, "The way back has no end."
    return [one["number"] for one in there], [one["number"] for one in back]


def numbers(keys):
    found = dict(Order.objects.values_list("pk", "number"))
    return [found[key] for key in keys]


def test_a_walk_over_what_the_clock_has_written_meets_every_row_once(as_user, orders):
    there, back = walk(as_user)

    assert there == numbers(orders)
    assert back == there[-2::-1]


def test_rows_of_one_moment_that_is_written_in_several_forms_go_by_their_keys(as_user, orders):
    """Python writes no digits for a whole second, the clock of SQLite three."""
    Order.objects.update(placed_at=SECOND)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE shopkit_orders_order SET placed_at = '2026-05-01 12:00:00.000' "
                "WHERE id IN (%s, %s, %s)",
                orders[::2],
            )

    there, back = walk(as_user)

    assert there == numbers(orders)
    assert back == there[-2::-1]


def test_a_row_is_not_before_its_own_moment(as_user, orders):
    """What an answer says a row's moment is can be asked for."""
    shown = {one["number"]: one["placed_at"] for one in as_user.get(URL).json()["results"]}
    [number] = numbers(orders[2:3])

    after = as_user.get(URL, {"placed_after": shown[number]}).json()["results"]
    before = as_user.get(URL, {"placed_before": shown[number]}).json()["results"]

    assert [one["number"] for one in after] == numbers(orders[:3])
    assert [one["number"] for one in before] == numbers(orders[3:])


def test_a_filter_of_a_site_may_say_exactly_or_all_but_that(orders):
    rows = Order.objects.order_by("-pk")
    moment = rows[2].placed_at

    exact = MomentFilter(field_name="placed_at", lookup_expr="exact").filter(rows, moment)
    others = MomentFilter(field_name="placed_at", lookup_expr="exact", exclude=True)

    assert [one.pk for one in exact] == [orders[2]]
    assert others.filter(rows, moment).count() == 5


def test_what_is_no_plain_column_is_compared_as_django_does(orders):
    moment = Order.objects.get(pk=orders[0]).placed_at + timedelta(days=1)
    lines = OrderLine.objects.annotate(when=F("order__placed_at"))

    for name, lookup in (("order__placed_at", "lt"), ("when", "lt"), ("order__placed_at", "date")):
        found = MomentFilter(field_name=name, lookup_expr=lookup).filter(lines, moment)
        assert found.count() == (0 if lookup == "date" else len(orders))
