"""What is counted beside a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple


class CategoryCount(NamedTuple):
    """A category and how many products it would leave."""

    pk: int
    slug: str
    name: str
    translations: Mapping[str, Any]
    products: int
    is_chosen: bool


class ValueCount(NamedTuple):
    """A value and how many products it would leave."""

    value: str
    translations: Mapping[str, Any]
    colour: str
    products: int
    is_chosen: bool


class AttributeCounts(NamedTuple):
    """An attribute with its values.

    has_more -- there are values that are not shown; the most frequent ones are
    """

    code: str
    name: str
    translations: Mapping[str, Any]
    type: str
    unit: str
    values: list[ValueCount]
    has_more: bool


class RangeCount(NamedTuple):
    """Prices, both included, and how many products they would leave."""

    lowest: Decimal
    highest: Decimal
    products: int


class PriceCounts(NamedTuple):
    """The cheapest and the dearest product, and ranges between; None and none without products."""

    lowest: Decimal | None
    highest: Decimal | None
    ranges: list[RangeCount]


@dataclass(frozen=True)
class Facets:
    """The counts; a group that was not asked for is None.

    total -- products that the whole choice leaves
    rating -- {stars: products that have as many or more}
    in_stock, on_sale -- (products that are, products that are not)
    """

    total: int
    categories: list[CategoryCount] | None = None
    attributes: list[AttributeCounts] | None = None
    price: PriceCounts | None = None
    rating: Mapping[int, int] | None = None
    in_stock: tuple[int, int] | None = None
    on_sale: tuple[int, int] | None = None
