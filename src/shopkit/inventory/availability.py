"""What the catalogue is told about stock."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connections, router
from django.db.models import F
from django.db.models.functions import Coalesce

from shopkit.catalog.availability import Availability

from .models import Movement, StockItem
from .services import Why, set_all_on_hand

UNITS = (
    f"SELECT variant_id, on_hand - reserved FROM {StockItem._meta.db_table} "  # noqa: S608
    "WHERE variant_id IN"
)


class StockAvailability(Availability):
    """Units on hand that nobody holds; a variant without a stock item has none."""

    staff_permission = "shopkit_inventory.change_stockitem"

    def available(self, variants: Collection[int]) -> Mapping[int, int | None]:
        """Return units that can still be promised; one query.

        Asked with every page of a product, and written out because the ORM takes eight times as
        long to write it as the database to answer it.
        """
        if not variants:
            return {}
        asked = [int(variant) for variant in variants]
        with connections[router.db_for_read(StockItem)].cursor() as cursor:
            marks = ", ".join(["%s"] * len(asked))
            cursor.execute(f"{UNITS} ({marks})", asked)
            left = dict(cursor.fetchall())
        return {variant: left.get(variant, 0) for variant in variants}

    def expression(self) -> Any:
        """Join the stock item, of which a variant has at most one."""
        return Coalesce(F("stock_item__on_hand") - F("stock_item__reserved"), 0)

    def receive(self, stock: Mapping[int, int], *, actor: Any = None) -> None:
        """Give new variants their first stock; constant statements for any number of them."""
        StockItem.objects.bulk_create(
            StockItem(variant_id=variant, on_hand=units) for variant, units in stock.items()
        )
        items = StockItem.objects.filter(variant_id__in=stock, on_hand__gt=0)
        Movement.objects.bulk_create(
            Movement(
                item=item,
                delta=item.on_hand,
                on_hand_after=item.on_hand,
                reason=Movement.Reason.INITIAL,
                actor=actor,
            )
            for item in items
        )

    def on_hand(self, variants: Collection[int]) -> Mapping[int, int]:
        """Return what is on the shelf, held or not."""
        items = StockItem.objects.filter(variant__in=list(variants))
        found = dict(items.values_list("variant_id", "on_hand"))
        return {variant: found.get(variant, 0) for variant in variants}

    def set_stock(
        self,
        stock: Mapping[int, int],
        *,
        reference: str = "",
        expected: Mapping[int, int] | None = None,
    ) -> None:
        """Make what is on hand what an import says; each change stands in the ledger."""
        # A file may have a longer name than the ledger has room for.
        longest = Movement._meta.get_field("reference").max_length
        why = Why(reason=Movement.Reason.IMPORTED, reference=reference[:longest])
        set_all_on_hand(stock, why=why, expected=expected)
