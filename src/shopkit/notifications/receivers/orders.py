"""News of orders; connected where shopkit.orders is installed."""

from shopkit.notifications.services import orders
from shopkit.orders.facts import order_moved, order_placed


@order_placed.subscribe
def tell_placed(order_id: int) -> None:
    """Tell the customer and the staff about a new order."""
    orders.tell_placed(order_id)


@order_moved.subscribe
def tell_moved(order_id: int, event_id: int) -> None:
    """Tell the customer where the order has gone."""
    orders.tell_moved(order_id, event_id)
