"""The contract of cart stores."""

from decimal import Decimal
from typing import Any

import pytest

from shopkit.cart.stores.base import (
    LARGEST_QUANTITY,
    CartLineState,
    CartStore,
    CeilingReached,
    Limits,
    LineMissing,
    Moved,
    TooManyLines,
)

from .parallel import ANNA, BEN, ORDER, PRICE, ROOMY, ParallelPromises


class CartStoreContract(ParallelPromises):
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

    # Merging

    def test_merging_adds_up_and_deletes_the_source(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 2)
        self.add(store, BEN, 3, 1)
        self.add(store, BEN, 1, 3)

        result = self.merge(store)

        assert list(result.moved.items()) == [(3, Moved(1, 0)), (1, Moved(3, 0))]
        assert result.state == store.read(ANNA)
        assert self.units(store, ANNA) == {1: 5, 3: 1}
        assert not store.read(BEN).exists

    def test_merging_into_nothing_makes_a_cart(self, store: CartStore) -> None:
        self.add(store, BEN, 1, 2)

        self.merge(store)

        assert dict(store.read(ANNA).lines) == {1: CartLineState(2, PRICE)}

    def test_merging_twice_changes_nothing(self, store: CartStore) -> None:
        self.add(store, BEN, 1, 2)
        self.merge(store)
        before = store.read(ANNA)

        again = self.merge(store)

        assert (again.state, dict(again.moved)) == (before, {})
        assert store.read(ANNA) == before

    def test_merging_nothing_into_nothing_stores_nothing(self, store: CartStore) -> None:
        result = self.merge(store)

        assert dict(result.moved) == {}
        assert not result.state.exists
        assert not store.read(ANNA).exists

    def test_merging_an_empty_cart_deletes_it(self, store: CartStore) -> None:
        before = self.add(store, ANNA, 1)
        self.add(store, BEN, 1)
        store.clear(BEN)

        assert self.merge(store).state == before
        assert not store.read(BEN).exists

    def test_merging_stops_at_the_ceilings(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 4)
        self.add(store, ANNA, 2, 4)
        for variant in (1, 2, 3):
            self.add(store, BEN, variant, 3)

        result = self.merge(store, v1=5, v2=3, v3=0)

        assert dict(result.moved) == {1: Moved(1, 2), 2: Moved(0, 3), 3: Moved(0, 3)}
        assert self.units(store, ANNA) == {1: 5, 2: 4}

    def test_a_variant_without_a_named_ceiling_is_merged_up_to_the_general_one(
        self, store: CartStore
    ) -> None:
        self.add(store, BEN, 1, 9)

        result = store.merge(BEN, ANNA, ceilings={2: 0}, limits=Limits(6, 10))

        assert dict(result.moved) == {1: Moved(6, 3)}

    def test_merging_stops_at_the_number_of_lines(self, store: CartStore) -> None:
        self.add(store, ANNA, 1)
        for variant in (2, 3, 1):
            self.add(store, BEN, variant)

        result = store.merge(BEN, ANNA, ceilings={}, limits=Limits(10, 2))

        assert dict(result.moved) == {2: Moved(1, 0), 3: Moved(0, 1), 1: Moved(1, 0)}
        assert self.units(store, ANNA) == {1: 2, 2: 1}

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
