"""What a cart store promises when one cart is poured into another."""

from decimal import Decimal

from shopkit.cart.stores.base import CartLineState, CartStore, Limits, Moved

from .parallel import ANNA, BEN, PRICE, ROOMY, CartPromises


class MergePromises(CartPromises):
    """Once, up to the limits, whatever comes again. A part of CartStoreContract."""

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

    def test_a_source_begun_anew_is_merged_anew(self, store: CartStore) -> None:
        self.add(store, BEN, 1, 2)
        self.merge(store)
        self.add(store, BEN, 1, 3)

        assert dict(self.merge(store).moved) == {1: Moved(3, 0)}
        assert self.units(store, ANNA) == {1: 5}

    def test_a_line_in_both_keeps_its_place_and_the_targets_price(self, store: CartStore) -> None:
        for variant in (1, 2):
            self.add(store, ANNA, variant)
        for variant in (3, 2):
            store.add(BEN, variant_id=variant, quantity=1, price=Decimal(7), limits=ROOMY)

        self.merge(store)

        assert list(store.read(ANNA).lines.items()) == [
            (1, CartLineState(1, PRICE)),
            (2, CartLineState(2, PRICE)),
            (3, CartLineState(1, Decimal(7))),
        ]

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
