"""Facets: beside a list, how many products each further choice would leave.

"Or" within a group, "and" between groups, so the counts of a group ignore what is chosen in it.
"""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from shopkit.catalog.models import Category
from shopkit.catalog.models.categories import is_key, ref_condition
from shopkit.core.conf import core_settings
from shopkit.core.money import SCALE, minor_digits

from .choice import GROUPS, Choice, Masks, chosen_values
from .index import CATEGORY, IN_STOCK, ON_SALE, PRICE, RATING, Subject
from .keeping import current_index
from .shapes import CategoryCount, Facets, PriceCounts, RangeCount
from .values import count_attributes

STARS = (4, 3, 2, 1)
RANGES = 5
MOST_CATEGORIES = 200


def read_facets(choice: Choice, groups: Collection[str] = GROUPS) -> Facets:
    """Return how many products each further choice would leave, right at this moment.

    At most five statements: changes, what else the list was narrowed by, chosen values,
    categories, names of values; and one more after products have changed.

    groups -- some of GROUPS
    """
    index = current_index()
    values = chosen_values(choice.values)
    categories = _categories(choice, is_shown="categories" in groups)
    chosen = [row.pk for row in categories if _is_chosen(row, choice)]
    masks = Masks(index, choice, chosen, values)
    count: Mapping[str, Callable[[], Any]] = {
        "categories": lambda: _count_categories(masks, categories, choice),
        "attributes": lambda: count_attributes(masks, values),
        "price": lambda: _count_prices(masks),
        "rating": lambda: _count_ratings(masks),
        "in_stock": lambda: _count_flag(masks, IN_STOCK),
        "on_sale": lambda: _count_flag(masks, ON_SALE),
    }
    counted = {group: count[group]() for group in GROUPS if group in groups}
    return Facets(total=masks.all_groups.bit_count(), **counted)


def _categories(choice: Choice, *, is_shown: bool) -> list[Any]:
    """Return the chosen categories and their children, or the roots when none is chosen."""
    if not (is_shown or choice.categories):
        return []
    rows = Category.objects.visible()
    if choice.categories:
        chosen = reduce(or_, map(ref_condition, choice.categories))
        below = Q(parent__in=Category.objects.filter(chosen).order_by().values("pk"))
        rows = rows.filter(chosen | below if is_shown else chosen)
    else:
        rows = rows.filter(parent=None)
    columns = ("pk", "slug", "name", "translations")
    return list(rows.in_tree_order().values_list(*columns, named=True))


def _is_chosen(row: Any, choice: Choice) -> bool:
    keys = (int(ref) for ref in choice.categories if is_key(ref))
    return row.slug in choice.categories or row.pk in keys


def _count_categories(masks: Masks, rows: list[Any], choice: Choice) -> list[CategoryCount]:
    sets = masks.index.sets
    within = masks.index.selection(masks.but("categories"))
    counted = (
        CategoryCount(
            row.pk,
            row.slug,
            row.name,
            row.translations,
            within.count(sets.get((CATEGORY, row.pk), 0)),
            _is_chosen(row, choice),
        )
        for row in rows
    )
    return [one for one in counted if one.products or one.is_chosen][:MOST_CATEGORIES]


def _count_prices(masks: Masks) -> PriceCounts:
    index, within = masks.index, masks.but("price")
    total = within.bit_count()
    if not total:
        return PriceCounts(None, None, [])
    lowest = index.nth(PRICE, 0, within)
    highest = index.nth(PRICE, total - 1, within)
    # Ranges that hold about as many products each, from a round price to the next.
    shares = (index.nth(PRICE, total * part // RANGES, within) for part in range(1, RANGES))
    edges = sorted({edge for share in shares if lowest < (edge := _rounded(share)) <= highest})
    unit = SCALE // 10 ** minor_digits(core_settings().CURRENCY)
    left, ranges = within, []
    for first, following in zip([lowest, *edges], [*edges, None], strict=True):
        last = highest if following is None else max(first, following - unit)
        left = index.at_least(PRICE, first, left)
        above = index.at_least(PRICE, last + 1, left)
        ranges.append(RangeCount(_money(first), _money(last), (left ^ above).bit_count()))
        left = above
    return PriceCounts(_money(lowest), _money(highest), ranges)


def _rounded(price: int) -> int:
    """Return a price's first two digits, the others nought."""
    text = str(price)
    return int(text[:2] + "0" * len(text[2:]))


def _money(stored: int) -> Decimal:
    return Decimal(stored).scaleb(-4)


def _count_ratings(masks: Masks) -> Mapping[int, int]:
    index, within = masks.index, masks.but("rating")
    return {stars: index.at_least(RATING, stars * 100, within).bit_count() for stars in STARS}


def _count_flag(masks: Masks, subject: Subject) -> tuple[int, int]:
    within = masks.but(subject[0])
    having = (within & masks.index.bits(subject)).bit_count()
    return having, within.bit_count() - having
