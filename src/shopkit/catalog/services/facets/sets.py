"""Sets of products, made to be met and counted.

A product is a place: a bit of a number. What many have is such a number, of a bit per product; what
few have is a list of places, which is smaller, and faster to count.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Union

# How a list holds a place, and how many bits that takes.
PLACE = "I"
PLACE_BITS = 32
# Places for keys that are no product's, at most, as a multiple of the products.
LONGEST_GAPS = 2
ZERO = ord("0")

Members = Union[int, "array[int]"]


class Places:
    """Which product stands where. Only grows: a product that is gone leaves its place empty."""

    def __init__(self, keys: Iterable[int]) -> None:
        found = sorted(set(keys))
        lowest, beyond = (found[0], found[-1] + 1) if found else (0, 0)
        # Keys that count up with few gaps are places themselves; others are looked up, in an array
        # that takes a tenth of the memory of a dict.
        is_dense = beyond - lowest <= LONGEST_GAPS * len(found)
        self._first = range(lowest, beyond) if is_dense else array("q", found)
        self._later: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._first) + len(self._later)

    def of(self, key: int) -> int | None:
        """Return the place of a product, or None when it has none."""
        if isinstance(self._first, range):
            return key - self._first.start if key in self._first else self._later.get(key)
        place = bisect_left(self._first, key)
        if place < len(self._first) and self._first[place] == key:
            return place
        return self._later.get(key)

    def known(self, keys: Iterable[int]) -> list[int]:
        """Return the places of those products that have one."""
        return [place for key in keys if (place := self.of(key)) is not None]

    def add(self, keys: Iterable[int]) -> None:
        """Give a place to every product that has none."""
        for key in keys:
            if self.of(key) is None:
                self._later[key] = len(self)


class Selection:
    """A set to count others in."""

    def __init__(self, bits: int, room: int) -> None:
        self.bits, self._room = bits, room

    def count(self, members: Members) -> int:
        """Return how many of ``members`` are in it."""
        if isinstance(members, int):
            return (self.bits & members).bit_count()
        return sum(map(self._digits.__getitem__, members)) - ZERO * len(members)

    @cached_property
    def _digits(self) -> bytes:
        """A digit per place."""
        return bin(self.bits)[:1:-1].encode().ljust(self._room, b"0")


def members_of(places: Collection[int], room: int) -> Members:
    """Return the set of ``places``, in the smaller form.

    room -- number of all places
    """
    if len(places) * PLACE_BITS < room:
        return array(PLACE, sorted(set(places)))
    return bits_of(places, room)


def bits_of(places: Iterable[int], room: int) -> int:
    """Return the set of ``places`` as a number."""
    eights = bytearray((room >> 3) + 1)
    for place in places:
        eights[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(eights, "little")


def as_bits(members: Members, room: int) -> int:
    """Return a set as a number."""
    return members if isinstance(members, int) else bits_of(members, room)


def without(members: Members, gone: int, places: set[int]) -> Members:
    """Return a set without some places.

    gone, places -- they, in both forms
    """
    if isinstance(members, int):
        return members ^ (members & gone)
    if places.isdisjoint(members):
        return members
    return array(PLACE, (place for place in members if place not in places))


def joined(members: Members, more: Collection[int], room: int) -> Members:
    """Return a set with further places."""
    if isinstance(members, int):
        return members | bits_of(more, room)
    return members_of([*members, *more], room)
