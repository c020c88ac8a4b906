"""Counts of attribute values."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import Attribute, AttributeValue

from .choice import Masks
from .index import VALUE
from .shapes import AttributeCounts, ValueCount

MOST_ATTRIBUTES = 50
COLUMNS = (
    "pk", "value", "number", "colour", "position", "translations", "attribute_id",
    "attribute__code", "attribute__name", "attribute__type", "attribute__unit",
    "attribute__position", "attribute__translations",
)  # fmt: skip

Chosen = Mapping[int, Collection[int]]


def count_attributes(masks: Masks, chosen: Chosen) -> list[AttributeCounts]:
    """Return the filterable attributes with the values that would leave something.

    What is chosen is shown in any case. Texts of more values than are shown are left out: texts
    that hardly two products share are no choice.

    chosen -- {key of an attribute: keys of its chosen values}
    """
    counts = _counts(masks, chosen)
    shown: dict[int, int] = {}
    for attribute, own in counts.items():
        frequent = sorted(own, key=lambda key, of=own: (-of[key], key))  # type: ignore[misc]
        for key in (*chosen.get(attribute, ()), *frequent[: catalog_settings().FACET_VALUES]):
            shown[key] = own.get(key, 0)
    of_attribute = defaultdict(list)
    for row in _read(shown):
        of_attribute[row.attribute_id].append(row)
    attributes = []
    for attribute, rows in of_attribute.items():
        has_more = any(key not in shown for key in counts[attribute])
        if not (has_more and rows[0].attribute__type == Attribute.Type.TEXT):
            values = [_value(row, shown[row.pk], chosen) for row in rows]
            attributes.append(_attribute(rows[0], values, has_more=has_more))
    return attributes[:MOST_ATTRIBUTES]


def _counts(masks: Masks, chosen: Chosen) -> Mapping[int, dict[int, int]]:
    """Return {attribute: {value: products}} of the values that would leave something."""
    index = masks.index
    usual = index.selection(masks.all_groups)
    own = {attribute: index.selection(masks.but(attribute)) for attribute in chosen}
    found: dict[int, dict[int, int]] = {attribute: {} for attribute in chosen}
    for value, attribute in index.attributes.items():
        within = own.get(attribute, usual)
        if number := within.count(index.sets.get((VALUE, value), 0)):
            found.setdefault(attribute, {})[value] = number
    return found


def _read(values: Iterable[int]) -> list[Any]:
    """Return the values, in the order of their attributes, numbers by size."""
    rows = AttributeValue.objects.filter(pk__in=values, attribute__is_filterable=True)
    order = ("attribute__position", "attribute__code", "number", "position", "pk")
    return list(rows.order_by(*order).values_list(*COLUMNS, named=True))


def _value(row: Any, count: int, chosen: Chosen) -> ValueCount:
    is_chosen = row.pk in chosen.get(row.attribute_id, ())
    return ValueCount(row.value, row.translations, row.colour, count, is_chosen)


def _attribute(row: Any, values: list[ValueCount], *, has_more: bool) -> AttributeCounts:
    return AttributeCounts(
        row.attribute__code,
        row.attribute__name,
        row.attribute__translations,
        row.attribute__type,
        row.attribute__unit,
        values,
        has_more,
    )
