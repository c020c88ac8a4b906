"""Rows for tests of sites that build on the catalogue."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from .models import Attribute, AttributeValue, Category, Product, Variant
from .services.attributes import create_attribute, create_value
from .services.cached import refresh_products
from .services.tree import create_category

_numbers = count(1)


def make_category(*, name: str = "", parent: Category | None = None, **fields: Any) -> Category:
    """Return a saved, active category at its place in the tree."""
    return create_category(name=name or f"Category {next(_numbers)}", parent=parent, **fields)


def make_attribute(*, code: str = "", values: Sequence[str] = (), **fields: Any) -> Attribute:
    """Return a saved attribute, of type choice unless told otherwise, with ``values``."""
    code = code or f"attribute-{next(_numbers)}"
    attribute = create_attribute(code=code, **{"name": code.capitalize(), **fields})
    for value in values:
        create_value(attribute, value=value)
    return attribute


def value_of(attribute: Attribute, value: str) -> AttributeValue:
    """Return the stored row of one value."""
    return attribute.values.get(value=value)


def make_product(*, name: str = "", categories: Sequence[Category] = (), **fields: Any) -> Product:
    """Return a saved, active product without a variant yet.

    categories -- the first is the primary one
    """
    number = next(_numbers)
    given = {"name": name or f"Product {number}", "slug": f"product-{number}", **fields}
    if categories:
        given.setdefault("category", categories[0])
    product = Product.objects.create(**given)
    product.categories.set(categories)
    return _refreshed(product)


def make_variant(
    *, product: Product | None = None, price: Any = "100000", **fields: Any
) -> Variant:
    """Return a saved, active variant, of a new product unless one is given.

    The product's cached columns are right afterwards, in the given instance too.
    """
    number = next(_numbers)
    given = {"sku": f"SKU-{number}", "combination": f"n={number}", **fields}
    variant = Variant.objects.create(
        product=product or make_product(), price=Decimal(price), **given
    )
    _refreshed(variant.product)
    return variant


def _refreshed(product: Product) -> Product:
    refresh_products([product.pk])
    product.refresh_from_db()
    return product
