"""A guest's order becomes an account's."""

from typing import Any

from django.db import transaction

from shopkit.orders.errors import AlreadyClaimed
from shopkit.orders.models import Order


def claim_order(pk: int, *, user: Any) -> Order:
    """Give a guest's order to ``user``, who has shown its token; again changes nothing.

    Raises AlreadyClaimed when it belongs to another account.
    """
    with transaction.atomic():
        Order.objects.filter(pk=pk, user=None).update(user=user)
        order = Order.objects.get(pk=pk)
    if order.user_id != user.pk:
        raise AlreadyClaimed
    return order
