"""What was ordered leaves the cart: after commit, once per order, and before the next order."""

from collections.abc import Mapping

from django.db import connections, router
from django.db.models import Max

from shopkit.cart.services import read_cart, remove_ordered
from shopkit.cart.stores.base import NO_CART, CartState
from shopkit.orders.models import Order

# By hand, because every checkout asks it and the ORM writes it slower than PostgreSQL answers.
LOOK = f"""
    SELECT max(cart_turn), sum(CASE WHEN is_in_cart THEN 1 ELSE 0 END)
    FROM {Order._meta.db_table} WHERE cart_owner = %s
"""  # noqa: S608 - the name of our own table


def cart_to_order(owner: str) -> tuple[CartState, int]:
    """Return the owner's cart without what earlier orders took, and the turn of the next order.

    Both belong into the draft, and neither is read inside a transaction. An order of this cart
    that is placed after this look takes the same turn, so only one of them comes about; one placed
    before it, whose goods have not left the cart yet, is made to take them out first.

    Raises BackendError when the store is away.
    """
    if not owner:
        return NO_CART, 1
    with connections[router.db_for_write(Order)].cursor() as cursor:
        cursor.execute(LOOK, [owner])
        last, waiting = cursor.fetchone()
    if waiting:
        for order in Order.objects.filter(cart_owner=owner, is_in_cart=True).order_by("pk"):
            take_out_order(order)
    return read_cart(owner), (last or 0) + 1


def next_turn(owner: str) -> int:
    """Return the turn of an order of this cart that is placed now."""
    last = Order.objects.filter(cart_owner=owner).aggregate(last=Max("cart_turn"))["last"]
    return (last or 0) + 1


def take_out_order(order: Order) -> None:
    """Remove what a placed order took from its cart; once, however often it is called."""
    if order.is_in_cart:
        lines = order.lines.exclude(variant=None).values_list("variant_id", "quantity")
        take_out(order, dict(lines))


def take_out(order: Order, quantities: Mapping[int, int]) -> None:
    """Remove these units from the order's cart and note it in the database.

    The store removes once per order for as long as it remembers, the note is for ever: news that
    come late, to a store that has lost its memory, take nothing out of the next cart.
    """
    remove_ordered(order.cart_owner, quantities, reference=order.stock_owner)
    Order.objects.filter(pk=order.pk).update(is_in_cart=False)
