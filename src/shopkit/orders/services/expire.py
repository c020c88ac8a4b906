"""Orders that nobody paid in time give their stock back."""

import logging
from collections.abc import Collection

from shopkit.core.transactions import whole_transaction
from shopkit.orders.models import Order

from .move import cancel_order

logger = logging.getLogger("shopkit.orders")

BATCH = 100


def expire_orders(*, variants: Collection[int] | None = None, limit: int = BATCH) -> int:
    """Cancel up to ``limit`` orders that are past their time; return how many.

    Each goes in a transaction of its own, and is judged again under its lock by the database's
    clock: a payment or a member of staff that came first wins. One that cannot be cancelled is
    logged and stops no other.

    variants -- only orders that hold one of these; None for all
    """
    due = Order.objects.due()
    if variants is not None:
        due = due.filter(lines__variant_id__in=variants).distinct()
    found = list(due.order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_expire_or_log(pk) for pk in found)


def expire_all() -> int:
    """Cancel every order that is past its time, as ``expire_orders`` does; return how many."""
    total = last = 0
    while found := list(
        Order.objects.due().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        total += sum(_expire_or_log(pk) for pk in found)
        last = found[-1]
    return total


def _expire_or_log(pk: int) -> bool:
    try:
        return _expire(pk)
    except Exception:
        logger.exception("Order %s cannot be expired.", pk)
        return False


@whole_transaction
def _expire(pk: int) -> bool:
    if not Order.objects.due().select_for_update().filter(pk=pk).exists():
        return False
    cancel_order(pk, by="system", reason="expired")
    return True
