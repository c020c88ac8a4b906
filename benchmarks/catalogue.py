"""A made-up catalogue, the same for everybody: rows as they stand in the tables, no database.

400 categories in four levels; every product has two to four variants, a picture, a material, and a
colour and a size per variant. What a product looks like follows from its number alone.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import NamedTuple

from shopkit.catalog.search.keys import key_of

SEED = 20260801
VERSION = 2  # of the rows; a database that holds another one is made anew
ROOTS, CHILDREN, LEVELS = 10, 3, 4  # 10 + 30 + 90 + 270
FIRST_LEAF = ROOTS * sum(CHILDREN**level for level in range(LEVELS - 1)) + 1
BEGIN = datetime(2024, 1, 1, tzinfo=timezone.utc)
SCALE = 10_000  # money is stored in ten-thousandths
SOM = 1_000 * SCALE  # prices are whole thousands of so'm

QUALITIES = (
    "Amber Ancient Bright Calm Classic Coastal Cosy Crisp Deep Early Elegant Fine Folded Fresh "
    "Gentle Golden Grand Heavy Honest Humble Ivory Light Little Lively Lunar Mellow Modern Narrow "
    "Noble Plain Quiet Rapid Rustic Silent Slim Smooth Solid Sunny Warm Wide"
).split()
THINGS = (
    "lamp table chair shelf mirror carpet kettle teapot bowl plate spoon knife towel pillow "
    "blanket curtain clock vase basket candle jacket shirt scarf glove boot sandal belt hat bag "
    "wallet"
).split()
MATERIALS = ("Ash", "Clay", "Cotton", "Felt", "Glass", "Leather", "Oak", "Silk", "Steel", "Wool")
COLOURS = ("Black", "Blue", "Brown", "Green", "Grey", "Red", "White", "Yellow")
SIZES = ("S", "M", "L", "XL", "XXL", "One")

# Attributes by key: code, name, values; keys of values count on from one attribute to the next.
ATTRIBUTES = (
    (1, "colour", "Colour", COLOURS),
    (2, "size", "Size", SIZES),
    (3, "material", "Material", MATERIALS),
)
OFFSETS = {1: 1, 2: 1 + len(COLOURS), 3: 1 + len(COLOURS) + len(SIZES)}


class Category(NamedTuple):
    """A category with its place in the nested sets."""

    pk: int
    name: str
    slug: str
    parent: int | None
    position: int
    tree_id: int
    lft: int
    rght: int
    level: int


class Variant(NamedTuple):
    """A variant; money in ten-thousandths."""

    pk: int
    sku: str
    colour: int
    size: int
    price: int
    sale_price: int | None
    on_hand: int

    @property
    def unit_price(self) -> int:
        """What one unit costs."""
        return self.price if self.sale_price is None else self.sale_price

    @property
    def name(self) -> str:
        """The values as people say them."""
        return f"{COLOURS[self.colour]}, {SIZES[self.size]}"

    @property
    def combination(self) -> str:
        """What tells it from its siblings, as ``combination_of`` writes it."""
        return f"1={OFFSETS[1] + self.colour}|2={OFFSETS[2] + self.size}"


@dataclass(frozen=True)
class Product:
    """A product with everything below it.

    categories -- keys of the categories it is put in, the primary one first
    """

    pk: int
    name: str
    categories: tuple[int, ...]
    material: int
    variants: tuple[Variant, ...]

    @property
    def slug(self) -> str:
        """Part of its address."""
        return f"{self.name.lower().replace(' ', '-')}-{self.pk}"

    @property
    def created_at(self) -> datetime:
        """A minute after the one before."""
        return BEGIN + timedelta(minutes=self.pk)

    @cached_property
    def cheapest(self) -> Variant:
        """The variant whose prices a card shows: the first of the cheapest."""
        return min(self.variants, key=lambda one: one.unit_price)

    @property
    def places(self) -> list[int]:
        """Keys of every category that lists it."""
        return sorted({place for leaf in self.categories for place in path_to(leaf)})

    @property
    def search_words(self) -> str:
        """What a search looks in."""
        others = [MATERIALS[self.material]]
        for one in self.variants:
            others += [one.sku, COLOURS[one.colour], SIZES[one.size]]
        return key_of([self.name], others)

    @property
    def popularity(self) -> int:
        """Units sold of late: few of most products, many of some."""
        return 10_000 // (self.pk * 7_919 % 10_007 + 1)


def categories() -> list[Category]:
    """Return the tree, level by level, so that children follow from a parent's key."""
    made: list[Category] = []
    for pk in range(1, FIRST_LEAF + ROOTS * CHILDREN ** (LEVELS - 1)):
        parent = parent_of(pk)
        above = made[parent - 1] if parent else None
        level = above.level + 1 if above else 0
        edges = 2 * sum(CHILDREN**down for down in range(LEVELS - level))
        position = pk - 1 if above is None else (pk - ROOTS - 1) % CHILDREN
        lft = 1 if above is None else above.lft + 1 + position * edges
        tree_id = pk if above is None else above.tree_id
        name = f"{above.name if above else 'Hall'} {position + 1}"
        made.append(
            Category(pk, name, f"c-{pk}", parent, position, tree_id, lft, lft + edges - 1, level)
        )
    return made


def parent_of(pk: int) -> int | None:
    """Return the key of the category above, None for a root."""
    return None if pk <= ROOTS else (pk - ROOTS - 1) // CHILDREN + 1


def path_to(pk: int) -> list[int]:
    """Return the category and all above it."""
    path: list[int] = []
    key: int | None = pk
    while key is not None:
        path.append(key)
        key = parent_of(key)
    return path


def product(number: int) -> Product:
    """Return product ``number``, counted from 1."""
    dice = random.Random(SEED * 1_000_003 + number)
    leaves = range(FIRST_LEAF, FIRST_LEAF + ROOTS * CHILDREN ** (LEVELS - 1))
    own = dice.sample(leaves, 2 if dice.random() < 0.1 else 1)
    return Product(
        pk=number,
        name=f"{dice.choice(QUALITIES)} {dice.choice(THINGS)} {number}",
        categories=tuple(own),
        material=dice.randrange(len(MATERIALS)),
        variants=tuple(_variants(number, dice)),
    )


def _variants(number: int, dice: random.Random) -> Iterator[Variant]:
    looks = dice.sample(range(len(COLOURS) * len(SIZES)), dice.randint(2, 4))
    base = dice.randint(10, 1_000)
    for position, look in enumerate(looks):
        price = base + position * dice.randint(0, 20)
        reduced = price * 4 // 5 if dice.random() < 0.2 else None
        yield Variant(
            pk=number * 4 + position,
            sku=f"B{number}-{position + 1}",
            colour=look % len(COLOURS),
            size=look // len(COLOURS),
            price=price * SOM,
            sale_price=None if reduced is None else reduced * SOM,
            on_hand=0 if dice.random() < 0.05 else dice.randint(100, 1_000),
        )


def products(first: int, last: int) -> Sequence[Product]:
    """Return products ``first`` to ``last``, both included."""
    return [product(number) for number in range(first, last + 1)]
