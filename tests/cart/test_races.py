"""Several at once on one cart, with real commits."""

import threading
import time
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from rest_framework.test import APIClient

from shopkit.cart.models import Cart, CartLine
from shopkit.cart.owners import new_token, owner_of_token, owner_of_user
from shopkit.cart.services import (
    add_to_cart,
    forget_guests,
    merge_carts,
    read_cart,
    remove_ordered,
)
from shopkit.cart.stores.base import CartLineState, MergeResult
from shopkit.cart.stores.database import DatabaseCartStore
from shopkit.cart.testing import ANNA, PRICE, ROOMY, in_threads
from shopkit.catalog.models import Variant
from shopkit.catalog.testing import make_variant
from shopkit.inventory.testing import make_stock

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]

THREADS = 40


class NaiveStore(DatabaseCartStore):
    """Reads, computes, writes, as if it were alone."""

    def increase(self, owner, *, variant_id, quantity, price, limits):
        before = self.fetch(owner).lines.get(variant_id, CartLineState(0, price))
        time.sleep(0.01)
        with transaction.atomic():
            cart, _ = Cart.objects.get_or_create(owner=owner)
            CartLine.objects.update_or_create(
                cart=cart,
                variant_id=variant_id,
                defaults={"quantity": before.quantity + quantity, "price_seen": price},
            )
        return self.fetch(owner)

    def move(self, source, target, *, ceilings, limits):
        incoming = self.fetch(source).lines
        time.sleep(0.05)
        for variant, line in incoming.items():
            super().increase(
                target,
                variant_id=variant,
                quantity=line.quantity,
                price=line.price_seen,
                limits=limits,
            )
        Cart.objects.filter(owner=source).delete()
        return MergeResult(self.fetch(target), {})


def make_stocked(on_hand: int) -> Variant:
    variant = make_variant()
    make_stock(variant, on_hand=on_hand)
    return variant


def units(owner: str) -> dict[int, int]:
    return {pk: line.quantity for pk, line in read_cart(owner).lines.items()}


def test_reading_first_and_writing_later_loses_additions():
    store = NaiveStore()

    raised = in_threads(
        THREADS,
        lambda _: store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY),
    )

    assert raised == []
    assert units(ANNA)[1] < THREADS


def test_merging_by_reading_first_adds_one_cart_several_times():
    store, source = NaiveStore(), "guest:1"
    DatabaseCartStore().add(source, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)

    raised = in_threads(8, lambda _: store.merge(source, ANNA, ceilings={}, limits=ROOMY))

    assert raised == []
    assert units(ANNA)[1] > 1


def test_forty_additions_at_once_make_forty():
    cup = make_stocked(99)

    raised = in_threads(THREADS, lambda _: add_to_cart(ANNA, variant_id=cup.pk, quantity=1))

    assert raised == []
    assert units(ANNA) == {cup.pk: THREADS}


def test_forty_additions_over_http_make_forty():
    user = get_user_model().objects.create_user("anna")
    cup = make_stocked(99)
    statuses: list[int] = []

    def post(_: int) -> None:
        client = APIClient()
        client.force_authenticate(user)
        answer = client.post("/api/v1/cart/items/", {"variant_id": cup.pk}, format="json")
        statuses.append(answer.status_code)

    raised = in_threads(THREADS, post)

    assert raised == []
    assert statuses == [201] * THREADS
    assert units(owner_of_user(user)) == {cup.pk: THREADS}


def test_additions_at_once_never_exceed_the_stock():
    cup = make_stocked(7)

    raised = in_threads(THREADS, lambda _: add_to_cart(ANNA, variant_id=cup.pk, quantity=1))

    assert [getattr(error, "code", error) for error in raised] == ["out_of_stock"] * (THREADS - 7)
    assert units(ANNA) == {cup.pk: 7}


def test_a_cart_merged_many_times_at_once_is_added_once():
    user = get_user_model().objects.create_user("anna")
    cup, token = make_stocked(99), new_token()
    add_to_cart(owner_of_user(user), variant_id=cup.pk, quantity=1)
    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=5)
    reports: list[Any] = []

    raised = in_threads(8, lambda _: reports.append(merge_carts(token=token, user=user)))

    assert raised == []
    assert sorted(len(report.merged) for report in reports) == [0] * 7 + [1]
    assert units(owner_of_user(user)) == {cup.pk: 6}


@pytest.mark.parametrize("side", ["guest", "user"])
def test_nothing_put_in_during_a_merge_is_lost(side):
    user = get_user_model().objects.create_user("anna")
    cup, token = make_stocked(99), new_token()
    guest, mine = owner_of_token(token), owner_of_user(user)
    add_to_cart(guest, variant_id=cup.pk, quantity=1)

    def act(number: int) -> None:
        if number % 5 == 0:
            merge_carts(token=token, user=user)
        else:
            add_to_cart({"guest": guest, "user": mine}[side], variant_id=cup.pk, quantity=1)

    raised = in_threads(20, act)

    assert raised == []
    assert sum(units(mine).values()) + sum(units(guest).values()) == 17
    merge_carts(token=token, user=user)
    assert units(mine) == {cup.pk: 17}


def test_additions_and_orders_at_once_agree():
    cup = make_stocked(99)
    add_to_cart(ANNA, variant_id=cup.pk, quantity=30)

    def act(number: int) -> None:
        if number % 2:
            add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
        else:
            # Each order's news arrives twice.
            remove_ordered(ANNA, {cup.pk: 2}, reference=f"order:{number // 4}")

    raised = in_threads(20, act)

    assert raised == []
    assert units(ANNA) == {cup.pk: 30 + 10 - 2 * 5}


def test_a_stale_cart_that_is_touched_while_carts_are_thrown_away_is_spared():
    cup, guest = make_stocked(99), owner_of_token(new_token())
    add_to_cart(guest, variant_id=cup.pk, quantity=1)
    Cart.objects.update(updated_at="2020-01-01T00:00:00Z")
    touched = threading.Event()

    def act(number: int) -> None:
        if number:
            touched.wait()
            forget_guests()
        else:
            with transaction.atomic():
                add_to_cart(guest, variant_id=cup.pk, quantity=1)
                touched.set()
                time.sleep(0.3)

    assert in_threads(2, act) == []
    assert units(guest) == {cup.pk: 2}


def test_a_reader_never_sees_lines_of_another_version():
    cup, seen = make_stocked(99), {}
    add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
    over = threading.Event()

    def act(number: int) -> None:
        if number:
            while not over.is_set():
                state = read_cart(ANNA)
                lines = tuple(line.quantity for line in state.lines.values())
                assert seen.setdefault(state.version, lines) == lines
        else:
            for _ in range(30):
                state = add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
                lines = tuple(line.quantity for line in state.lines.values())
                assert seen.setdefault(state.version, lines) == lines
            over.set()

    assert in_threads(4, act) == []
    assert len(seen) > 5
