"""What orders do about their own news that no rule depends on."""

from .facts import order_placed
from .models import Order
from .services.leave import take_out_order


@order_placed.subscribe
def take_out_of_cart(order_id: int) -> None:
    """Remove what was ordered from the cart; once per order, however often it is told."""
    take_out_order(Order.objects.get(pk=order_id))
