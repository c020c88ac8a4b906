"""Rows for tests of sites that build on the stock."""

from shopkit.catalog.models import Variant

from .models import StockItem
from .services import adjust


def make_stock(variant: Variant, *, on_hand: int = 5) -> StockItem:
    """Return the variant's stock item with ``on_hand`` units, written through the ledger."""
    return adjust(variant=variant.pk, delta=on_hand)
