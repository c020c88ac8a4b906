"""Use cases of orders."""

from .claim import claim_order
from .expire import expire_orders
from .move import cancel_order, hold_until, move_order
from .place import OrderDraft, place_order

__all__ = [
    "OrderDraft",
    "cancel_order",
    "claim_order",
    "expire_orders",
    "hold_until",
    "move_order",
    "place_order",
]
