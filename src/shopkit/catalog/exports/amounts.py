"""Stock and prices: what the imports of the same names read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shopkit.catalog.availability import availability
from shopkit.catalog.imports.cells import shield
from shopkit.catalog.models import Variant
from shopkit.core.conf import core_settings
from shopkit.core.money import format_amount

from .chunks import chunks

SIZE = 1000


def stock_rows(products: Any = None) -> Iterator[list[str]]:
    """Yield sku, on_hand and expected, the same number: an import then refuses what has moved.

    Only the header where the shop does not count.

    products -- a queryset, to write only the variants of these
    """
    yield ["sku", "on_hand", "expected"]
    provider = availability()
    if not provider.counts:
        return
    for chunk in chunks(_variants(products), SIZE):
        units = provider.on_hand([one.pk for one in chunk])
        for one in chunk:
            yield [shield(one.sku), str(units[one.pk]), str(units[one.pk])]


def prices_rows(products: Any = None) -> Iterator[list[str]]:
    """Yield sku, price and sale_price of all variants.

    products -- a queryset, to write only the variants of these
    """
    yield ["sku", "price", "sale_price"]
    currency = core_settings().CURRENCY
    for chunk in chunks(_variants(products), SIZE):
        for one in chunk:
            sale = one.sale_price
            offered = "" if sale is None else format_amount(sale, currency)
            yield [shield(one.sku), format_amount(one.price, currency), offered]


def _variants(products: Any) -> Any:
    rows = Variant.objects.filter(product__deleted_at=None)
    return rows if products is None else rows.filter(product__in=products.order_by())
