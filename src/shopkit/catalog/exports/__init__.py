"""Files out: rows of text, one at a time, that no spreadsheet takes for formulas."""

from collections.abc import Callable, Iterator
from typing import Any

from .amounts import prices_rows, stock_rows
from .categories import categories_rows
from .house_products import product_rows
from .shopify import shopify_rows

__all__ = [
    "PRODUCT_FORMATS",
    "categories_rows",
    "prices_rows",
    "product_rows",
    "shopify_rows",
    "stock_rows",
]

Rows = Callable[[Any], Iterator[list[str]]]
# Each is given a queryset of products, or None for all of them.
PRODUCT_FORMATS: dict[str, Rows] = {"shopkit": product_rows, "shopify": shopify_rows}
