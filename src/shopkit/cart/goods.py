"""What lies in carts, as the catalogue has it now."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Variant


@dataclass(frozen=True)
class Goods:
    """A variant with its product and the product's picture.

    available -- units that can be promised; None for without limit
    """

    variant: Variant
    available: int | None

    @property
    def is_sold(self) -> bool:
        """The rule of VariantQuerySet.on_sale, for a row that is loaded already."""
        product = self.variant.product
        return self.variant.is_active and product.is_active and product.deleted_at is None


def goods_of(variants: Collection[int]) -> dict[int, Goods]:
    """Return those of the variants that exist, sold or not, by key; one statement."""
    return read_goods(Variant.objects.filter(pk__in=variants)) if variants else {}


def read_goods(rows: QuerySet[Variant]) -> dict[int, Goods]:
    """Return the goods of ``rows`` by key; one statement, two where units are asked for apart."""
    provider = availability()
    rows = rows.select_related("product__primary_image")
    units = provider.expression()
    if units is not None:
        found = rows.annotate(units_left=units)
        return {row.pk: Goods(row, row.units_left) for row in found}
    variants = {row.pk: row for row in rows}
    left = provider.available(sorted(variants)) if variants else {}
    return {pk: Goods(row, left.get(pk, 0)) for pk, row in variants.items()}
