"""What a list was narrowed by, and what of that each group of facets goes by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q, QuerySet, Value

from shopkit.catalog.models import Attribute, AttributeValue, Product
from shopkit.core.money import SCALE

from .index import CATEGORY, IN_STOCK, ON_SALE, PRICE, RATING, VALUE, FacetIndex, Subject

# What can be counted.
GROUPS = ("categories", "attributes", "price", "rating", "in_stock", "on_sale")


@dataclass(frozen=True)
class Choice:
    """What a list was narrowed by; each member is one group but ``values``, which is one per code.

    categories -- slugs or keys
    values -- {attribute's code: which of its AttributeValue rows are chosen}
    min_price, max_price -- both included
    min_rating -- hundredths
    among -- products that everything else leaves, such as a search; None: nothing else was asked
    """

    categories: Collection[str] = ()
    values: Mapping[str, Q] = field(default_factory=dict)
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    min_rating: int | None = None
    in_stock: bool | None = None
    on_sale: bool | None = None
    among: QuerySet[Product, Any] | None = None


class Masks:
    """The products that each group lets through.

    values -- {key of an attribute: keys of its chosen values}
    """

    def __init__(
        self,
        index: FacetIndex,
        choice: Choice,
        categories: Collection[int],
        values: Mapping[int, Collection[int]],
    ) -> None:
        self.index = index
        self._base = index.visible
        if choice.among is not None:
            keys = choice.among.order_by().values_list("pk", flat=True)
            self._base &= index.among(keys.iterator())
        self._by_group: dict[str | int, int] = {}
        if choice.categories:
            self._by_group["categories"] = index.any_of((CATEGORY, key) for key in categories)
        for attribute, chosen in values.items():
            self._by_group[attribute] = index.any_of((VALUE, key) for key in chosen)
        self._add_numbers(choice)
        self._add_flag("in_stock", choice.in_stock, IN_STOCK)
        self._add_flag("on_sale", choice.on_sale, ON_SALE)

    def _add_numbers(self, choice: Choice) -> None:
        everything = self.index.visible
        if choice.min_rating is not None:
            liked = self.index.at_least(RATING, choice.min_rating, everything)
            self._by_group["rating"] = liked
        if choice.min_price is not None or choice.max_price is not None:
            found = self.index.at_least(PRICE, int((choice.min_price or 0) * SCALE), everything)
            if choice.max_price is not None:
                beyond = int(choice.max_price * SCALE) + 1
                found ^= self.index.at_least(PRICE, beyond, found)
            self._by_group["price"] = found

    def _add_flag(self, group: str, wanted: bool | None, subject: Subject) -> None:  # noqa: FBT001
        if wanted is not None:
            having = self.index.bits(subject)
            self._by_group[group] = having if wanted else self.index.visible & ~having

    def but(self, group: str | int) -> int:
        """Return what every other group lets through: a count ignores its own group's choice."""
        others = (mask for name, mask in self._by_group.items() if name != group)
        return reduce(and_, others, self._base)

    @property
    def all_groups(self) -> int:
        """Return what every group lets through: the list."""
        return reduce(and_, self._by_group.values(), self._base)


def chosen_values(conditions: Mapping[str, Q]) -> dict[int, list[int]]:
    """Return {key of an attribute: keys of its chosen values}, in one statement.

    An attribute none of whose values is chosen is there, with none.
    """
    if not conditions:
        return {}
    attributes = Attribute.objects.filter(code__in=conditions, is_filterable=True)
    chosen = reduce(
        lambda left, right: left | right,
        (Q(condition, attribute__code=code) for code, condition in conditions.items()),
    )
    values = AttributeValue.objects.filter(chosen, attribute__is_filterable=True)
    rows = (
        attributes.order_by()
        .values_list("pk", Value(0))
        .union(values.order_by().values_list("attribute_id", "pk"), all=True)
        .order_by()  # Django 6.1 would order by columns that are not there
    )
    found: dict[int, list[int]] = {}
    for attribute, value in rows:
        found.setdefault(attribute, []).extend([value] if value else [])
    return found
