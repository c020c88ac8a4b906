"""Reading many rows without holding them all, nor one long transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shopkit.catalog.models import Product

CHUNK = 200
TRUTH = {True: "true", False: "false"}


def chunks(rows: Any, size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield ``rows``, a queryset, by key, some at a time."""
    last = 0
    ordered = rows.order_by("pk")
    while chunk := list(ordered.filter(pk__gt=last)[:size]):
        last = chunk[-1].pk
        yield chunk


def product_chunks(products: Any, *related: str) -> Iterator[list[Product]]:
    """Yield the products that are not off sale for ever, with what hangs on them.

    products -- a queryset; None for all
    """
    rows = Product.objects.all() if products is None else products
    return chunks(rows.filter(deleted_at=None).prefetch_related(*related))
