"""A product's own page: everything about it in at most six statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, QuerySet, Value

from shopkit.catalog.availability import availability
from shopkit.catalog.models import (
    Category,
    Image,
    ProductAttributeValue,
    Variant,
    VariantAttributeValue,
)

COLUMNS = (
    "of",
    "attribute__position",
    "attribute__code",
    "attribute__name",
    "attribute__translations",
    "attribute__unit",
    "value__value",
    "value__translations",
)


class ShownValue(NamedTuple):
    """One attribute with the value that a product or a variant has for it."""

    variant: int | None
    position: int
    code: str
    name: str
    translations: Mapping[str, Any]
    unit: str
    value: str
    value_translations: Mapping[str, Any]


@dataclass(frozen=True)
class ShownVariant:
    """A variant with what stands beside its row. ``available`` is None when nobody counts."""

    row: Variant
    available: int | None
    values: Sequence[ShownValue]
    images: Sequence[Any]


@dataclass(frozen=True)
class ProductDetail:
    """A product's page. ``row`` is one of ``Product.objects.details()``."""

    row: Any
    categories: Sequence[Category]
    values: Sequence[ShownValue]
    variants: Sequence[ShownVariant]
    images: Sequence[Any]


def read_detail(row: Any) -> ProductDetail:
    """Return the page of the product whose row this is: active variants only."""
    images = _images(Image.objects.filter(product=row.pk))
    values = _values_by_variant(row.pk)
    return ProductDetail(
        row=row,
        categories=_categories(row),
        values=values[None],
        variants=_variants(row.pk, values, images),
        images=images,
    )


def read_variant(variant: Variant) -> ShownVariant:
    """Return one variant as its product's page shows it, whether active or not."""
    return ShownVariant(
        row=variant,
        available=availability().available([variant.pk])[variant.pk],
        values=_values_by_variant(variant.product_id)[variant.pk],
        images=_images(variant.images.all()),
    )


def _images(rows: QuerySet[Image]) -> list[Any]:
    """Return tuples: an Image instance without a stored width would open its file."""
    columns = ("pk", "variant_id", "file", "alt", "sizes")
    return list(rows.order_by("position", "pk").values_list(*columns, named=True))


def _categories(row: Any) -> list[Category]:
    """Return the product's categories, the primary one first."""
    found = list(Category.objects.filter(products=row.pk).order_by("tree_id", "lft"))
    return sorted(found, key=lambda one: one.pk != row.category_id)


def _variants(
    product: int, values: Mapping[int | None, Sequence[ShownValue]], images: Sequence[Any]
) -> list[ShownVariant]:
    rows = list(Variant.objects.filter(product=product, is_active=True).order_by("position", "pk"))
    available = availability().available([one.pk for one in rows]) if rows else {}
    pictures: dict[int | None, list[Any]] = defaultdict(list)
    for image in images:
        pictures[image.variant_id].append(image)
    return [ShownVariant(one, available[one.pk], values[one.pk], pictures[one.pk]) for one in rows]


def _values_by_variant(product: int) -> Mapping[int | None, list[ShownValue]]:
    """Return the values of the product (None) and of its variants, in the attributes' order."""
    own = ProductAttributeValue.objects.filter(product=product).annotate(
        of=Value(None, output_field=BigIntegerField())
    )
    of_variants = VariantAttributeValue.objects.filter(variant__product=product).annotate(
        of=F("variant_id")
    )
    rows: Any = own.values_list(*COLUMNS).union(of_variants.values_list(*COLUMNS), all=True)
    found: dict[int | None, list[ShownValue]] = defaultdict(list)
    for value in sorted(map(ShownValue._make, rows), key=lambda one: (one.position, one.code)):
        found[value.variant].append(value)
    return found
