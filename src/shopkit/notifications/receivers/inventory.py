"""News of the stock; connected where shopkit.inventory is installed."""

from shopkit.inventory.facts import stock_low
from shopkit.notifications.services import inventory


@stock_low.subscribe
def tell_low(variant_id: int, crossing: str) -> None:
    """Tell the staff that a variant is running out."""
    inventory.tell_low(variant_id, crossing)
