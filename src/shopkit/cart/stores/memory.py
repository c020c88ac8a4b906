"""Carts in this process's memory, for tests and for trying things out."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from . import arithmetic
from .base import (
    NO_CART,
    CartLineState,
    CartState,
    CartStore,
    Limits,
    Lines,
    MergeResult,
    new_version,
)


@dataclass
class Shelf:
    """All carts of one name."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    carts: dict[str, CartState] = field(default_factory=dict)
    removals: set[tuple[str, str]] = field(default_factory=set)


SHELVES: dict[str, Shelf] = {}


class MemoryCartStore(CartStore):
    """Forgets everything when the process ends, and does not share it with other processes.

    name -- stores of the same name hold the same carts
    """

    def __init__(self, *, name: str = "default") -> None:
        self.name = name

    @property
    def shelf(self) -> Shelf:
        """The carts; a store is built for every call, so they stand outside of it."""
        return SHELVES.setdefault(self.name, Shelf())

    def drop(self) -> None:
        """Throw all carts of this name away; for tests."""
        SHELVES.pop(self.name, None)

    def fetch(self, owner: str) -> CartState:
        """A state is never changed, only replaced, so it can be handed out as it is."""
        return self.shelf.carts.get(owner, NO_CART)

    def increase(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Create the cart where there is none."""
        with self.shelf.lock:
            before = self.fetch(owner).lines
            more = CartLineState(quantity, price)
            return self._put(owner, arithmetic.with_more(before, variant_id, more, limits))

    def assign(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Change one line of a cart that is there."""
        with self.shelf.lock:
            before = self.fetch(owner).lines
            wanted = CartLineState(quantity, price)
            return self._put(owner, arithmetic.with_exactly(before, variant_id, wanted, limits))

    def empty(self, owner: str) -> None:
        """Keep the cart itself."""
        with self.shelf.lock:
            if self.fetch(owner).exists:
                self._put(owner, {})

    def move(
        self, source: str, target: str, *, ceilings: Mapping[int, int], limits: Limits
    ) -> MergeResult:
        """Take the source off the shelf; what was in it goes to the target."""
        with self.shelf.lock:
            incoming = self.shelf.carts.pop(source, NO_CART).lines
            here = self.fetch(target)
            if not incoming:
                return MergeResult(here, {})
            after, moved = arithmetic.poured(incoming, here.lines, ceilings, limits)
            return MergeResult(self._put(target, after), moved)

    def subtract(self, owner: str, quantities: Mapping[int, int], *, reference: str) -> None:
        """Note the reference, also for a cart that is not there."""
        with self.shelf.lock:
            if (owner, reference) in self.shelf.removals:
                return
            self.shelf.removals.add((owner, reference))
            here = self.fetch(owner)
            if here.exists:
                self._put(owner, arithmetic.without(here.lines, quantities))

    def _put(self, owner: str, lines: Lines) -> CartState:
        state = CartState(new_version(), MappingProxyType(dict(lines)), exists=True)
        self.shelf.carts[owner] = state
        return state
