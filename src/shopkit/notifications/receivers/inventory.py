"""News of the stock; connected where shopkit.inventory is installed."""

from shopkit.inventory.facts import stock_low, wish_granted
from shopkit.notifications.services import inventory


@stock_low.subscribe
def tell_low(variant_id: int, crossing: str) -> None:
    """Tell the staff that a variant is running out."""
    inventory.tell_low(variant_id, crossing)


@wish_granted.subscribe
def tell_back(wish_id: int, variant_id: int, user: str) -> None:
    """Tell a user that what he was waiting for is there again."""
    inventory.tell_back(wish_id, variant_id, user)
