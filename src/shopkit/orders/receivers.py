"""What orders do about their own news that no rule depends on."""

from shopkit.cart.services import remove_ordered

from .facts import order_placed
from .models import Order


@order_placed.subscribe
def take_out_of_cart(order_id: int) -> None:
    """Remove what was ordered from the cart; once per order, however often it is told."""
    order = Order.objects.get(pk=order_id)
    lines = order.lines.exclude(variant=None).values_list("variant_id", "quantity")
    remove_ordered(order.cart_owner, dict(lines), reference=order.stock_owner)
