"""A product's own page: everything about it in two statements, one of them about stock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Variant
from shopkit.catalog.models.pages import (
    ShownCategory,
    ShownImage,
    ShownValue,
    VariantRow,
    read_rows,
)
from shopkit.core.money import from_stored

__all__ = [
    "ProductDetail",
    "ShownCategory",
    "ShownImage",
    "ShownValue",
    "ShownVariant",
    "read_detail",
    "read_variant",
]


@dataclass(frozen=True)
class ShownVariant:
    """A variant with what stands beside its row. ``available`` is None when nobody counts."""

    row: VariantRow | Variant
    available: int | None
    values: Sequence[ShownValue]
    images: Sequence[ShownImage]


@dataclass(frozen=True)
class ProductDetail:
    """A product's page. ``row`` is one of ``Product.objects.details()``.

    options -- what its variants are told apart by: for each attribute its values, in their order
    """

    row: Any
    categories: Sequence[ShownCategory]
    values: Sequence[ShownValue]
    options: Sequence[Sequence[ShownValue]]
    variants: Sequence[ShownVariant]
    images: Sequence[ShownImage]


def read_detail(row: Any) -> ProductDetail:
    """Return the page of the product whose row this is: active variants only."""
    categories = map(ShownCategory._make, read_rows(row.categories))
    images = [ShownImage(*one) for one in read_rows(row.images)]
    variants = _variants(read_rows(row.variants), images)
    return ProductDetail(
        row=row,
        # The primary one first.
        categories=sorted(categories, key=lambda one: one.pk != row.category_id),
        values=[ShownValue(*one) for one in read_rows(row.values)],
        options=_options(variants),
        variants=variants,
        images=images,
    )


def read_variant(variant: Variant) -> ShownVariant:
    """Return one variant as its product's page shows it, whether active or not."""
    values = variant.attribute_values.values_list(
        "attribute__position",
        "attribute__code",
        "attribute__name",
        "attribute__translations",
        "attribute__type",
        "attribute__unit",
        "value__value",
        "value__translations",
        "value__colour",
        "value__position",
        "value__number",
        "value_id",
    )
    images = variant.images.order_by("position", "pk").values_list(*ShownImage._fields)
    return ShownVariant(
        row=variant,
        available=availability().available([variant.pk])[variant.pk],
        values=sorted(map(ShownValue._make, values), key=_place),
        images=[ShownImage(*one) for one in images],
    )


def _options(variants: Sequence[ShownVariant]) -> list[list[ShownValue]]:
    found: dict[str, dict[int, ShownValue]] = defaultdict(dict)
    for value in (one for variant in variants for one in variant.values):
        found[value.code][value.value_pk] = value
    options = [sorted(own.values(), key=lambda one: one.value_place) for own in found.values()]
    return sorted(options, key=lambda own: own[0].place)


def _variants(rows: Sequence[Any], images: Sequence[ShownImage]) -> list[ShownVariant]:
    variants = [(_variant(row), _values(row[-1])) for row in rows]
    available = availability().available([one.pk for one, _ in variants]) if variants else {}
    pictures: Mapping[int | None, list[ShownImage]] = defaultdict(list)
    for image in images:
        pictures[image.variant_id].append(image)
    return [
        ShownVariant(one, available[one.pk], values, pictures[one.pk]) for one, values in variants
    ]


def _variant(row: Sequence[Any]) -> VariantRow:
    *own, _values_of_it = row
    own[4:6] = map(from_stored, own[4:6])
    return VariantRow(*own)


def _values(rows: Any) -> list[ShownValue]:
    values = [ShownValue(*one) for one in rows or ()]
    return sorted(values, key=_place)


def _place(value: ShownValue) -> tuple[int, str]:
    return value.place
