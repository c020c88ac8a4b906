"""What facets are counted from: every set of products that a filter or a count is about."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .sets import PLACE, Members, Places, Selection, as_bits, bits_of, joined, members_of, without

# What a set is about: ("category", key), ("value", key), ("price", bit), ...
Subject = tuple[str, int]
VISIBLE: Subject = ("visible", 0)
IN_STOCK: Subject = ("in_stock", 0)
ON_SALE: Subject = ("on_sale", 0)
# Numbers, as a set per bit: of those whose number has it.
PRICE = "price"
RATING = "rating"
CATEGORY = "category"
VALUE = "value"
RARE = frozenset({CATEGORY, VALUE})  # kinds that few products may have


class Group(NamedTuple):
    """Products that have the same in one respect, as they are read.

    kind -- "category", "value", or "product" for what stands in the product's own row
    numbers -- category: (key, 0, 0); value: (key, attribute, 0);
        product: (price in ten-thousandths, rating in hundredths, 1 in stock + 2 on sale)
    keys -- of the products
    """

    kind: str
    numbers: tuple[int, int, int]
    keys: Sequence[int]

    def subjects(self) -> Iterable[Subject]:
        """Yield what these products have."""
        first, second, third = self.numbers
        if self.kind != "product":
            yield self.kind, first
            return
        yield VISIBLE
        if third & 1:
            yield IN_STOCK
        if third & 2:
            yield ON_SALE
        yield from ((PRICE, bit) for bit in _bits(first))
        yield from ((RATING, bit) for bit in _bits(second))


@dataclass(frozen=True)
class FacetIndex:
    """Every product's facets at one moment; a newer moment is another index.

    attributes -- {key of a value: key of its attribute}
    """

    places: Places
    sets: Mapping[Subject, Members] = field(default_factory=dict)
    attributes: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "FacetIndex":
        """Return the index of all products."""
        keys = (key for one in groups if one.kind == "product" for key in one.keys)
        return cls(Places(keys)).changed((), groups)

    def changed(self, products: Collection[int], groups: Sequence[Group]) -> "FacetIndex":
        """Return the index in which ``products`` have what ``groups`` say, and nothing else."""
        # Values of products that are not on sale are read too; who has no place is not counted.
        self.places.add(key for one in groups if one.kind == "product" for key in one.keys)
        room = len(self.places)
        old = set(self.places.known(products))
        sets = dict(self.sets)
        if old:
            gone = bits_of(old, room)
            sets = {subject: without(one, gone, old) for subject, one in sets.items()}
        for subject, places in self._places_by_subject(groups).items():
            if subject in sets:
                sets[subject] = joined(sets[subject], places, room)
            elif subject[0] in RARE:
                sets[subject] = members_of(places, room)
            else:
                sets[subject] = bits_of(places, room)
        attributes = {one.numbers[0]: one.numbers[1] for one in groups if one.kind == VALUE}
        return replace(self, sets=sets, attributes={**self.attributes, **attributes})

    def _places_by_subject(self, groups: Sequence[Group]) -> Mapping[Subject, "array[int]"]:
        found: dict[Subject, array[int]] = defaultdict(lambda: array(PLACE))
        for group in groups:
            places = array(PLACE, self.places.known(group.keys))
            for subject in group.subjects():
                found[subject] += places
        return found

    @property
    def visible(self) -> int:
        """Everything that is on sale."""
        return self.bits(VISIBLE)

    def bits(self, subject: Subject) -> int:
        """Return a set as a number; empty when nothing has it."""
        return as_bits(self.sets.get(subject, 0), len(self.places))

    def any_of(self, subjects: Iterable[Subject]) -> int:
        """Return what has one of ``subjects``."""
        found = 0
        for subject in subjects:
            found |= self.bits(subject)
        return found

    def among(self, keys: Iterable[int]) -> int:
        """Return the products with these keys."""
        return bits_of(self.places.known(keys), len(self.places))

    def selection(self, bits: int) -> Selection:
        """Return a set to count others in."""
        return Selection(bits, len(self.places))

    def at_least(self, kind: str, number: int, within: int) -> int:
        """Return those of ``within`` whose price, or rating, is ``number`` or more."""
        above, same = 0, within
        for bit in range(max(self._height(kind), number.bit_length()) - 1, -1, -1):
            having = same & self.bits((kind, bit))
            if number >> bit & 1:
                same = having
            else:
                above |= having
                same ^= having
        return above | same

    def nth(self, kind: str, position: int, within: int) -> int:
        """Return the number that stands at ``position`` when ``within`` is in order, from 0."""
        number, left = 0, within
        for bit in range(self._height(kind) - 1, -1, -1):
            having = left & self.bits((kind, bit))
            lower = left ^ having
            below = lower.bit_count()
            if position < below:
                left = lower
            else:
                position -= below
                left, number = having, number | 1 << bit
        return number

    def _height(self, kind: str) -> int:
        """Return how many bits the numbers of a kind have."""
        return 1 + max((bit for one, bit in self.sets if one == kind), default=-1)


def _bits(number: int) -> Iterable[int]:
    return (bit for bit in range(number.bit_length()) if number >> bit & 1)
