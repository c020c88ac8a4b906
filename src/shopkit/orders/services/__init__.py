"""Use cases of orders."""

from .bought import has_bought
from .claim import claim_order
from .expire import expire_all, expire_orders
from .leave import cart_to_order
from .move import cancel_order, hold_until, move_order
from .place import OrderDraft, place_order
from .popularity import recount_popularity

__all__ = [
    "OrderDraft",
    "cancel_order",
    "cart_to_order",
    "claim_order",
    "expire_all",
    "expire_orders",
    "has_bought",
    "hold_until",
    "move_order",
    "place_order",
    "recount_popularity",
]
