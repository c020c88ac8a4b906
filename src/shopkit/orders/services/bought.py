"""Who has bought what; asked by those who may not know orders, through a path in settings."""

from typing import Any

from django.db.models import Q, QuerySet

from shopkit.catalog.models import Product
from shopkit.orders.models import Order, OrderLine

S, P = Order.Status, Order.PaymentStatus
# The goods are on their way or there, which cash on delivery comes after ...
SENT = Q(order__status__in=(S.SHIPPED, S.DELIVERED))
# ... or there is money of the customer in it.
PAID = Q(order__payment_status__in=(P.PAID, P.PARTIALLY_REFUNDED))
OVER = Q(order__status__in=(S.CANCELLED, S.RETURNED)) | Q(order__payment_status=P.REFUNDED)


def has_bought(user: Any, product: Product) -> bool:
    """Say whether ``user`` has an order of ``product`` that was paid, or sent.

    An order that was cancelled, returned or refunded in full does not count: nobody should get a
    voice by buying and giving back. One statement, by the user's orders.
    """
    return lines_of(user, product).exists()


def lines_of(user: Any, product: Product) -> QuerySet[OrderLine]:
    """Return the lines of ``user`` that make him a buyer of ``product``."""
    own = OrderLine.objects.filter(order__user=user.pk, product=product.pk)
    return own.filter(SENT | PAID).exclude(OVER)
