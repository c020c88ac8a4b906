"""Wishes to be told when something can be had again."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from rest_framework.test import APIClient

from shopkit.catalog.models import Product, Variant
from shopkit.catalog.testing import make_variant
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.inventory import wishes
from shopkit.inventory.errors import InStock
from shopkit.inventory.facts import wish_granted
from shopkit.inventory.models import StockItem, StockWish
from shopkit.inventory.services import adjust, release, reserve
from shopkit.inventory.testing import make_stock
from shopkit.inventory.wishes import grant_due, grant_wishes, make_wish
from tests.threads import at_once, kinds

pytestmark = pytest.mark.django_db
URL = "/api/v1/variants/{}/stock-wish/"


def hear(wish_id, variant_id, user):
    """A subscriber; what it is called with stands in the outbox."""


@pytest.fixture(autouse=True)
def listening(monkeypatch, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    monkeypatch.setattr(wish_granted, "_subscribers", {})
    wish_granted.subscribe(hear)


@pytest.fixture
def cup():
    variant = make_variant(sku="CUP")
    make_stock(variant, on_hand=0)
    return variant


def person(name):
    return get_user_model().objects.create_user(name)


def told():
    """Return the users who are told, once all facts are delivered."""
    deliver_all()
    rows = Delivery.objects.filter(fact="inventory.wish_granted").order_by("pk")
    return [int(row.ids["user"]) for row in rows]


def signed_in(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def test_who_waits_is_told_once_when_units_come(cup):
    anna, berik = person("anna"), person("berik")
    for user in (anna, berik, anna):
        make_wish(user, cup)

    adjust(variant=cup.pk, delta=1)

    assert told() == [anna.pk, berik.pk]
    assert not StockWish.objects.exists()
    adjust(variant=cup.pk, delta=5)
    assert told() == [anna.pk, berik.pk]


def test_units_that_an_order_gives_back_are_units_that_come(cup):
    adjust(variant=cup.pk, delta=1)
    with transaction.atomic():
        reserve({cup.pk: 1}, owner="order:A")
    anna = person("anna")
    make_wish(anna, cup)

    with transaction.atomic():
        release(owner="order:A")

    assert told() == [anna.pk]


def test_what_is_gone_again_before_anybody_is_told_leaves_him_waiting(cup):
    anna = person("anna")
    make_wish(anna, cup)
    adjust(variant=cup.pk, delta=1)
    with transaction.atomic():
        reserve({cup.pk: 1}, owner="order:A")

    assert told() == []
    assert StockWish.objects.get().user == anna
    with transaction.atomic():
        release(owner="order:A")
    assert told() == [anna.pk]


def test_units_that_come_while_the_product_is_hidden_leave_him_waiting_until_it_is_shown(cup):
    anna = person("anna")
    make_wish(anna, cup)
    Product.objects.update(is_active=False)

    adjust(variant=cup.pk, delta=1)

    assert (told(), grant_due()) == ([], 0)
    assert StockWish.objects.get().user == anna
    Product.objects.update(is_active=True)
    assert grant_due() == 1
    assert told() == [anna.pk]
    assert grant_due() == 0


def test_what_is_sold_out_or_switched_off_is_not_due(cup):
    off = make_variant()
    make_stock(off, on_hand=0)
    for variant in (cup, off):
        make_wish(person(variant.sku), variant)
    Variant.objects.filter(pk=off.pk).update(is_active=False)
    StockItem.objects.filter(variant=off).update(on_hand=3)

    assert grant_due() == 0
    assert StockWish.objects.count() == 2


def test_what_is_due_is_looked_for_in_bounded_steps(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(wishes, "BATCH", 2)
    users = [person(f"user-{number}") for number in range(5)]
    for user in users:
        make_stock(variant := make_variant(), on_hand=0)
        make_wish(user, variant)
    StockItem.objects.update(on_hand=1)

    assert grant_due() == 5
    assert told() == [user.pk for user in users]
    with django_assert_num_queries(1):
        assert grant_due() == 0


def test_nobody_waits_and_nothing_is_announced(cup):
    adjust(variant=cup.pk, delta=1)
    assert not Delivery.objects.exists()


def test_a_change_that_is_rolled_back_brings_nothing(cup):
    make_wish(person("anna"), cup)
    with transaction.atomic():
        adjust(variant=cup.pk, delta=1)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_many_who_wait_are_told_in_bounded_steps(cup, monkeypatch):
    monkeypatch.setattr(wishes, "BATCH", 2)
    users = [person(f"user-{number}") for number in range(5)]
    for user in users:
        make_wish(user, cup)
    adjust(variant=cup.pk, delta=1)

    assert told() == [user.pk for user in users]
    assert grant_wishes(cup.pk) == 0


def test_over_http_one_waits_and_looks_and_waits_no_longer(cup):
    anna = signed_in(person("anna"))

    first, again = anna.put(URL.format(cup.pk)), anna.put(URL.format(cup.pk))

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["variant"]["sku"] == "CUP"
    assert anna.get("/api/v1/stock-wishes/").json()["results"] == [first.json()]
    assert signed_in(person("berik")).get("/api/v1/stock-wishes/").json()["results"] == []
    assert anna.delete(URL.format(cup.pk)).status_code == 204
    assert anna.delete(URL.format(cup.pk)).status_code == 204
    assert anna.get("/api/v1/stock-wishes/").json()["results"] == []


def test_what_can_be_had_is_not_waited_for(cup):
    make_stock(other := make_variant(), on_hand=2)
    answer = signed_in(person("anna")).put(URL.format(other.pk))
    assert answer.status_code == 409
    assert answer.json()["code"] == "in_stock"
    assert answer.json()["available"] == 2
    assert not StockWish.objects.exists()


def test_one_user_waits_for_so_many_things_and_no_more(cup, monkeypatch):
    monkeypatch.setattr(wishes, "MOST_WISHES", 1)
    anna = person("anna")
    make_wish(anna, cup)
    answer = signed_in(anna).put(URL.format(make_variant().pk))
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_wishes")
    assert signed_in(anna).put(URL.format(cup.pk)).status_code == 200


@pytest.mark.parametrize("pk", [999_999, 10**30])
def test_what_there_is_not_cannot_be_waited_for(pk):
    anna = signed_in(person("anna"))
    assert anna.put(URL.format(pk)).status_code == 404
    assert anna.delete(URL.format(pk)).status_code == 204


def test_a_hidden_variant_and_a_stranger_are_refused(cup):
    assert APIClient().put(URL.format(cup.pk)).status_code == 401
    assert APIClient().get("/api/v1/stock-wishes/").status_code == 401
    type(cup).objects.filter(pk=cup.pk).update(is_active=False)
    assert signed_in(person("anna")).put(URL.format(cup.pk)).status_code == 404


def test_the_list_of_wishes_is_of_constant_cost(django_assert_num_queries):
    anna = person("anna")
    for _ in range(5):
        make_wish(anna, make_variant())
    with django_assert_num_queries(1):
        signed_in(anna).get("/api/v1/stock-wishes/")


WISHERS = 30


def wish_naively(user, variant):
    """Look, and then write: the naive form."""
    if StockItem.objects.get(variant=variant).available > 0:
        raise InStock(variant_id=variant.pk, available=1)
    time.sleep(0.1)
    StockWish.objects.create(user=user, variant=variant)


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("wish", "nobody_is_forgotten"), [(make_wish, True), (wish_naively, False)]
)
def test_nobody_waits_for_what_is_there(cup, wish, nobody_is_forgotten):
    users = [person(f"user-{number}") for number in range(WISHERS)]
    calls = [lambda user=user: wish(user, cup) for user in users]
    calls.insert(WISHERS // 2, lambda: adjust(variant=cup.pk, delta=1))

    outcomes = at_once(calls)

    assert set(kinds(outcomes)) <= {"ok", "InStock"}
    assert len(told()) + StockWish.objects.count() == kinds(outcomes)["ok"] - 1
    assert (not StockWish.objects.exists()) == nobody_is_forgotten


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_naive", [False, True])
def test_wishes_for_many_things_at_once_do_not_pass_the_cap(monkeypatch, is_naive):
    monkeypatch.setattr(wishes, "MOST_WISHES", 2)
    if is_naive:
        monkeypatch.setattr(wishes, "_lock_user", lambda _user: None)
        insert = wishes.insert_if_new
        monkeypatch.setattr(wishes, "insert_if_new", lambda row: (time.sleep(0.1), insert(row))[1])
    anna = person("anna")
    things = [make_variant() for _ in range(10)]

    outcomes = at_once([lambda one=one: make_wish(anna, one) for one in things])

    made = StockWish.objects.count()
    assert kinds(outcomes)["ok"] == made
    assert (made == 2) != is_naive
