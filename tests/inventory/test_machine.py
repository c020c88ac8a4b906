"""Random histories of stock against a model that a child could check."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shopkit.catalog.testing import make_variant
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.errors import BelowReserved, OutOfStock
from shopkit.inventory.models import Movement, Reservation, StockItem
from shopkit.inventory.services import adjust, consume, release, reserve

SHELVES = 3


class StockMachine(RuleBasedStateMachine):
    """Reserve, consume, release, expire (a release nobody asked for) and adjust, in any order."""

    def __init__(self):
        super().__init__()
        self.variants = [make_variant().pk for _ in range(SHELVES)]
        self.on_hand = dict.fromkeys(self.variants, 0)
        self.held: dict[str, dict[int, int]] = {}
        self.sold = dict.fromkeys(self.variants, 0)
        self.adjusted = dict.fromkeys(self.variants, 0)
        self.owners = 0

    def reserved(self, variant):
        return sum(units.get(variant, 0) for units in self.held.values())

    @rule(units=st.dictionaries(st.integers(0, SHELVES - 1), st.integers(1, 4), min_size=1))
    def reserve_some(self, units):
        wanted = {self.variants[shelf]: count for shelf, count in units.items()}
        self.owners += 1
        owner = f"order:{self.owners}"
        is_enough = all(self.on_hand[v] - self.reserved(v) >= n for v, n in wanted.items())
        try:
            with transaction.atomic():
                reserve(wanted, owner=owner)
        except OutOfStock:
            assert not is_enough
        else:
            assert is_enough
            self.held[owner] = wanted

    @rule(pick=st.integers(0, 1000))
    def consume_one(self, pick):
        if self.held:
            owner = sorted(self.held)[pick % len(self.held)]
            with transaction.atomic():
                assert consume(owner=owner) == sum(self.held[owner].values())
            for variant, units in self.held.pop(owner).items():
                self.on_hand[variant] -= units
                self.sold[variant] += units

    @rule(pick=st.integers(0, 1000), again=st.booleans())
    def release_or_expire_one(self, pick, again):
        if self.held:
            owner = sorted(self.held)[pick % len(self.held)]
            with transaction.atomic():
                assert release(owner=owner) == sum(self.held.pop(owner).values())
                if again:
                    assert release(owner=owner) == 0

    @rule(shelf=st.integers(0, SHELVES - 1), delta=st.integers(-5, 8))
    def adjust_one(self, shelf, delta):
        variant = self.variants[shelf]
        is_allowed = self.on_hand[variant] + delta >= self.reserved(variant)
        try:
            adjust(variant=variant, delta=delta)
        except BelowReserved:
            assert not is_allowed
        else:
            assert is_allowed
            self.on_hand[variant] += delta
            self.adjusted[variant] += delta

    @invariant()
    def the_books_balance(self):
        for variant in self.variants:
            item = StockItem.objects.filter(variant_id=variant).first()
            on_hand, reserved = (item.on_hand, item.reserved) if item else (0, 0)
            assert (on_hand, reserved) == (self.on_hand[variant], self.reserved(variant))
            moved = Movement.objects.filter(item__variant_id=variant)
            assert sum(moved.values_list("delta", flat=True)) == on_hand
            assert self.adjusted[variant] == on_hand + self.sold[variant]
            still_open = Reservation.objects.filter(item__variant_id=variant, state="open")
            assert sum(still_open.values_list("quantity", flat=True)) == reserved


@pytest.mark.django_db
def test_any_history_of_stock_keeps_the_books():
    class Isolated(StockMachine):
        """Each history in a transaction of its own, rolled back at its end."""

        def __init__(self):
            self.block = transaction.atomic()
            self.block.__enter__()
            super().__init__()

        def teardown(self):
            assert_books_balance("inventory", "catalog.cached")
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    run_state_machine_as_test(
        Isolated,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
