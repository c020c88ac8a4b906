"""What a cart store promises when several threads change one cart."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db import connections

from shopkit.cart.stores.base import (
    CartState,
    CartStore,
    CeilingReached,
    Limits,
    MergeResult,
    TooManyLines,
)

ANNA, BEN = "user:1", "guest:2"
ROOMY = Limits(ceiling=1000, max_lines=100)
PRICE = Decimal("1500.50")
ORDER = "order:7K3M9-QX2TD"


def in_threads(count: int, action: Callable[[int], object]) -> list[BaseException]:
    """Run ``action(number)`` in ``count`` threads that start together; return what they raised."""
    start, raised = threading.Barrier(count), list[BaseException]()

    def run(number: int) -> None:
        try:
            start.wait()
            action(number)
        except Exception as error:  # noqa: BLE001 - handed to the test
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


class CartPromises:
    """What the parts of the contract are written with."""

    @pytest.fixture
    def store(self) -> Iterator[CartStore]:
        """The store under test, without any cart."""
        raise NotImplementedError

    def add(self, store: CartStore, owner: str, variant: int, quantity: int = 1) -> CartState:
        """Add without a limit that matters."""
        return store.add(owner, variant_id=variant, quantity=quantity, price=PRICE, limits=ROOMY)

    def units(self, store: CartStore, owner: str) -> dict[int, int]:
        """Return {variant: units} as the store has them."""
        return {pk: line.quantity for pk, line in store.read(owner).lines.items()}

    def merge(self, store: CartStore, **ceilings: int) -> MergeResult:
        """Pour Ben's cart into Anna's; ceilings by variant, such as v1=5."""
        named = {int(name[1:]): most for name, most in ceilings.items()}
        return store.merge(BEN, ANNA, ceilings=named, limits=ROOMY)


class ParallelPromises(CartPromises):
    """Nothing is lost, nothing counts twice, no limit gives way. A part of CartStoreContract."""

    def test_parallel_additions_are_never_lost(self, store: CartStore) -> None:
        raised = in_threads(8, lambda _: [self.add(store, ANNA, 1) for _ in range(5)])

        assert raised == []
        assert self.units(store, ANNA) == {1: 40}

    def test_parallel_additions_have_versions_of_their_own(self, store: CartStore) -> None:
        versions = list[str]()

        raised = in_threads(8, lambda _: versions.append(self.add(store, ANNA, 1).version))

        assert raised == []
        assert len(set(versions)) == 8
        assert store.read(ANNA).version in versions

    def test_parallel_first_additions_make_one_cart(self, store: CartStore) -> None:
        raised = in_threads(8, lambda number: self.add(store, ANNA, number + 1))

        assert raised == []
        assert self.units(store, ANNA) == dict.fromkeys(range(1, 9), 1)

    def test_parallel_additions_never_go_above_the_ceiling(self, store: CartStore) -> None:
        limits = Limits(ceiling=5, max_lines=10)

        raised = in_threads(
            8, lambda _: store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=limits)
        )

        assert [type(error) for error in raised] == [CeilingReached] * 3
        assert self.units(store, ANNA) == {1: 5}

    def test_parallel_additions_never_make_too_many_lines(self, store: CartStore) -> None:
        limits = Limits(ceiling=5, max_lines=3)

        raised = in_threads(
            8,
            lambda number: store.add(
                ANNA, variant_id=number + 1, quantity=1, price=PRICE, limits=limits
            ),
        )

        assert [type(error) for error in raised] == [TooManyLines] * 5
        assert len(self.units(store, ANNA)) == 3

    def test_parallel_merges_of_one_cart_add_once(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 1)
        self.add(store, BEN, 1, 2)

        raised = in_threads(6, lambda _: self.merge(store))

        assert raised == []
        assert self.units(store, ANNA) == {1: 3}

    def test_what_is_added_while_carts_merge_is_not_lost(self, store: CartStore) -> None:
        self.add(store, BEN, 1)

        def act(number: int) -> None:
            if number % 4:
                self.add(store, BEN if number % 2 else ANNA, 1)
            else:
                self.merge(store)

        raised = in_threads(8, act)

        assert raised == []
        left = [self.units(store, owner).get(1, 0) for owner in (ANNA, BEN)]
        assert sum(left) == 7

    def test_parallel_news_of_one_order_take_out_once(self, store: CartStore) -> None:
        self.add(store, ANNA, 1, 10)

        raised = in_threads(6, lambda _: store.remove_ordered(ANNA, {1: 3}, reference=ORDER))

        assert raised == []
        assert self.units(store, ANNA) == {1: 7}
