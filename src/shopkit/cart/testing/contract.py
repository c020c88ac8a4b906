"""The contract of cart stores."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shopkit.cart.stores.base import (
    LARGEST_KEY,
    LARGEST_QUANTITY,
    CartLineState,
    CartStore,
    CeilingReached,
    Limits,
    LineMissing,
    TooManyLines,
)

from .merging import MergePromises
from .parallel import ANNA, BEN, ORDER, PRICE, ROOMY, ParallelPromises


class CartStoreContract(MergePromises, ParallelPromises):
    """What every store promises; subclass it and override ``store``.

    A store that uses Django's database needs ``@pytest.mark.django_db(transaction=True)`` on the
    subclass: the promises about several changes at once are tested with real transactions.
    """

    # Reading

    def test_an_owner_without_a_cart_has_none(self, store: CartStore) -> None:
        state = store.read(ANNA)

        assert (state.exists, state.version, dict(state.lines)) == (False, "", {})

    def test_reading_stores_nothing(self, store: CartStore) -> None:
        store.read(ANNA)

        assert not store.read(ANNA).exists

    def test_lines_come_in_the_order_in_which_they_were_put_in(self, store: CartStore) -> None:
        for variant in (9, 3, 7):
            self.add(store, ANNA, variant)
        self.add(store, ANNA, 9)
        store.set(ANNA, variant_id=3, quantity=5, price=PRICE, limits=ROOMY)

        assert list(self.units(store, ANNA).items()) == [(9, 2), (3, 5), (7, 1)]

    def test_a_line_that_comes_back_comes_last(self, store: CartStore) -> None:
        for variant in (9, 3):
            self.add(store, ANNA, variant)
        store.set(ANNA, variant_id=9, quantity=0, price=PRICE, limits=ROOMY)
        self.add(store, ANNA, 9)

        assert list(self.units(store, ANNA)) == [3, 9]

    def test_the_largest_values_are_kept_exactly(self, store: CartStore) -> None:
        price, limits = Decimal("899999999999999.9999"), Limits(LARGEST_QUANTITY, 10)
        for variant in (LARGEST_KEY, LARGEST_KEY - 1):
            store.add(
                ANNA, variant_id=variant, quantity=LARGEST_QUANTITY, price=price, limits=limits
            )

        assert dict(store.read(ANNA).lines) == {
            LARGEST_KEY: CartLineState(LARGEST_QUANTITY, price),
            LARGEST_KEY - 1: CartLineState(LARGEST_QUANTITY, price),
        }

    def test_carts_of_two_owners_are_apart(self, store: CartStore) -> None:
        self.add(store, ANNA, 1)

        assert not store.read(BEN).exists

    # Adding

    def test_adding_again_adds_up_and_keeps_the_latest_price(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 2)
        store.add(ANNA, variant_id=1, quantity=3, price=Decimal("0.0001"), limits=ROOMY)

        assert dict(store.read(ANNA).lines) == {1: CartLineState(5, Decimal("0.0001"))}

    def test_a_change_answers_with_the_cart_as_it_is_then(self, store: CartStore) -> None:
        assert self.add(store, ANNA, 1) == store.read(ANNA)
        assert self.add(store, ANNA, 2, 2) == store.read(ANNA)
        changed = store.set(ANNA, variant_id=1, quantity=4, price=PRICE, limits=ROOMY)
        assert changed == store.read(ANNA)

    def test_going_above_the_ceiling_is_refused_and_changes_nothing(self, store: CartStore) -> None:
        before = self.add(store, ANNA, 1, 4)

        with pytest.raises(CeilingReached) as refusal:
            store.add(ANNA, variant_id=1, quantity=2, price=PRICE, limits=Limits(5, 10))

        assert refusal.value.quantity_now == 4
        assert store.read(ANNA) == before

    def test_a_first_addition_that_is_refused_stores_no_cart(self, store: CartStore) -> None:
        with pytest.raises(CeilingReached) as refusal:
            store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=Limits(0, 10))

        assert refusal.value.quantity_now == 0
        assert not store.read(ANNA).exists

    def test_the_ceiling_itself_can_be_reached(self, store: CartStore) -> None:
        store.add(ANNA, variant_id=1, quantity=5, price=PRICE, limits=Limits(5, 10))

        assert self.units(store, ANNA) == {1: 5}

    def test_one_line_too_many_is_refused_and_changes_nothing(self, store: CartStore) -> None:
        self.add(store, ANNA, 1)
        before = self.add(store, ANNA, 2)

        with pytest.raises(TooManyLines):
            store.add(ANNA, variant_id=3, quantity=1, price=PRICE, limits=Limits(9, 2))

        assert store.read(ANNA) == before
        store.add(ANNA, variant_id=2, quantity=1, price=PRICE, limits=Limits(9, 2))
        assert self.units(store, ANNA) == {1: 1, 2: 2}

    # Setting

    def test_setting_makes_a_line_hold_exactly_that_much(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 5)

        store.set(ANNA, variant_id=1, quantity=2, price=Decimal(7), limits=ROOMY)

        assert dict(store.read(ANNA).lines) == {1: CartLineState(2, Decimal(7))}

    def test_setting_to_nothing_removes_the_line_whatever_the_limits(
        self, store: CartStore
    ) -> None:
        self.add(store, ANNA, 1)
        self.add(store, ANNA, 2)

        store.set(ANNA, variant_id=1, quantity=0, price=PRICE, limits=Limits(0, 1))

        assert self.units(store, ANNA) == {2: 1}

    def test_a_line_that_is_not_there_cannot_be_set(self, store: CartStore) -> None:
        before = self.add(store, ANNA, 1)

        for owner, quantity in ((ANNA, 1), (ANNA, 0), (BEN, 1), (BEN, 0)):
            with pytest.raises(LineMissing):
                store.set(owner, variant_id=2, quantity=quantity, price=PRICE, limits=ROOMY)

        assert store.read(ANNA) == before
        assert not store.read(BEN).exists

    def test_setting_above_the_ceiling_is_refused_and_changes_nothing(
        self, store: CartStore
    ) -> None:
        before = self.add(store, ANNA, 1, 3)

        with pytest.raises(CeilingReached) as refusal:
            store.set(ANNA, variant_id=1, quantity=6, price=PRICE, limits=Limits(5, 10))

        assert refusal.value.quantity_now == 3
        assert store.read(ANNA) == before

    # Versions

    def test_every_change_makes_a_version_that_never_was(self, store: CartStore) -> None:
        seen = [self.add(store, ANNA, 1).version, self.add(store, ANNA, 1).version]
        seen.append(store.set(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY).version)
        store.remove_ordered(ANNA, {1: 1}, reference=ORDER)
        seen.append(store.read(ANNA).version)
        seen.append(self.add(store, ANNA, 1).version)
        store.clear(ANNA)
        seen.append(store.read(ANNA).version)
        self.add(store, BEN, 1)
        seen.append(self.merge(store).state.version)

        assert len(set(seen)) == len(seen)
        assert all(seen)

    def test_a_cart_made_anew_does_not_begin_with_an_old_version(self, store: CartStore) -> None:
        first = self.add(store, BEN, 1).version
        self.merge(store)

        assert self.add(store, BEN, 1).version != first

    # Clearing

    def test_a_cleared_cart_is_empty_and_still_exists(self, store: CartStore) -> None:
        self.add(store, ANNA, 1)

        store.clear(ANNA)

        assert store.read(ANNA).exists
        assert self.units(store, ANNA) == {}

    def test_clearing_without_a_cart_makes_none(self, store: CartStore) -> None:
        store.clear(ANNA)

        assert not store.read(ANNA).exists

    # Ordered lines leave

    def test_exactly_what_was_ordered_leaves(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 5)
        self.add(store, ANNA, 2, 1)
        self.add(store, ANNA, 3, 1)

        store.remove_ordered(ANNA, {1: 2, 2: 9, 8: 1}, reference=ORDER)

        assert self.units(store, ANNA) == {1: 3, 3: 1}

    def test_the_same_order_takes_out_once(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 5)
        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)
        before = store.read(ANNA)

        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)

        assert store.read(ANNA) == before
        store.remove_ordered(ANNA, {1: 2}, reference="order:another")
        assert self.units(store, ANNA) == {1: 1}

    def test_an_order_known_before_the_cart_takes_nothing_out_later(self, store: CartStore) -> None:
        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)
        assert not store.read(ANNA).exists
        self.add(store, ANNA, 1, 2)

        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)

        assert self.units(store, ANNA) == {1: 2}

    def test_an_order_that_takes_everything_leaves_an_empty_cart(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 2)

        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)

        assert store.read(ANNA).exists
        assert self.units(store, ANNA) == {}

    def test_an_order_counts_once_across_a_merge(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 5)
        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)
        self.add(store, BEN, 1, 1)
        self.merge(store)

        store.remove_ordered(ANNA, {1: 2}, reference=ORDER)

        assert self.units(store, ANNA) == {1: 4}

    @pytest.mark.parametrize("other", [(BEN, ORDER), ("a", "b:c"), ("a:b", "c")])
    def test_an_order_counts_once_for_each_owner(
        self, store: CartStore, other: tuple[str, str]
    ) -> None:
        for owner, reference in ((ANNA, ORDER), ("a:b", "d"), ("a", "b:d")):
            store.remove_ordered(owner, {1: 1}, reference=reference)
        owner, reference = other
        self.add(store, owner, 1, 5)

        store.remove_ordered(owner, {1: 1}, reference=reference)

        assert self.units(store, owner) == {1: 4}

    # Tidying up

    def test_tidying_up_spares_carts_in_use_and_orders_of_today(self, store: CartStore) -> None:
        before = self.add(store, ANNA, 1, 5)
        self.add(store, BEN, 1, 5)
        store.remove_ordered(BEN, {1: 1}, reference=ORDER)

        store.tidy()
        forgotten = store.forget(prefix="guest:", untouched_for=timedelta(days=1))
        store.remove_ordered(BEN, {1: 1}, reference=ORDER)

        assert forgotten == 0
        assert store.read(ANNA) == before
        assert self.units(store, BEN) == {1: 4}

    # Values that make no sense

    @pytest.mark.parametrize(
        "wrong",
        [
            {"variant_id": 0},
            {"variant_id": 2**63},
            {"quantity": -1},
            {"quantity": LARGEST_QUANTITY + 1},
            {"price": Decimal(-1)},
            {"price": Decimal("NaN")},
        ],
    )
    def test_values_that_make_no_sense_are_refused(
        self, store: CartStore, wrong: dict[str, Any]
    ) -> None:
        given = {"variant_id": 1, "quantity": 1, "price": PRICE, "limits": ROOMY, **wrong}

        with pytest.raises(ValueError, match=next(iter(wrong))):
            store.add(ANNA, **given)
        with pytest.raises(ValueError, match=next(iter(wrong))):
            store.set(ANNA, **given)

        assert not store.read(ANNA).exists

    def test_adding_nothing_is_refused(self, store: CartStore) -> None:
        with pytest.raises(ValueError, match="quantity"):
            store.add(ANNA, variant_id=1, quantity=0, price=PRICE, limits=ROOMY)

    @pytest.mark.parametrize("owner", ["", "x" * 101])
    def test_an_owner_has_a_name_of_bounded_length(self, store: CartStore, owner: str) -> None:
        with pytest.raises(ValueError, match="owner"):
            store.read(owner)

    def test_a_cart_cannot_be_merged_into_itself(self, store: CartStore) -> None:
        with pytest.raises(ValueError, match="itself"):
            store.merge(ANNA, ANNA, ceilings={}, limits=ROOMY)

    def test_an_order_needs_a_reference_and_units(self, store: CartStore) -> None:
        with pytest.raises(ValueError, match="reference"):
            store.remove_ordered(ANNA, {1: 1}, reference="")
        with pytest.raises(ValueError, match="quantities"):
            store.remove_ordered(ANNA, {1: 0}, reference=ORDER)
