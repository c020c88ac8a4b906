"""Rows for tests of sites that build on the catalogue."""

from decimal import Decimal
from itertools import count
from typing import Any

from .models import Product, Variant

_numbers = count(1)


def make_product(*, name: str = "", **fields: Any) -> Product:
    """Return a saved, active product without a variant yet."""
    number = next(_numbers)
    return Product.objects.create(
        **{"name": name or f"Product {number}", "slug": f"product-{number}", **fields}
    )


def make_variant(
    *, product: Product | None = None, price: Any = "100000", **fields: Any
) -> Variant:
    """Return a saved, active variant, of a new product unless one is given."""
    number = next(_numbers)
    given = {"sku": f"SKU-{number}", "combination": f"n={number}", **fields}
    return Variant.objects.create(product=product or make_product(), price=Decimal(price), **given)
