"""Whose order it is: the signed-in owner's, the token holder's, or staff's to look after."""

from typing import Any

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from shopkit.core.api.permissions import is_staff
from shopkit.orders.models import Order, OrderQuerySet
from shopkit.orders.tokens import is_token_of

HEADER = "X-Order-Token"
STAFF_MAY_LOOK = "shopkit_orders.view_order"


class HasCredentials(BasePermission):
    """Signed in, or holding some order token; which orders that opens is decided per order."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether there is anything to decide by; without it the answer is 401."""
        return bool(request.user and request.user.is_authenticated) or HEADER in request.headers


def orders_of(request: Request, *, staff_permission: str = STAFF_MAY_LOOK) -> OrderQuerySet:
    """Return the orders that the signed-in caller may see: the own ones, or all for staff."""
    if is_staff(request.user, staff_permission):
        return Order.objects.all()
    return Order.objects.of_user(request.user)


def order_of(request: Request, number: str, *, staff_permission: str = STAFF_MAY_LOOK) -> Order:
    """Return the order of this number, if the caller may have it.

    staff_permission -- what staff need to treat it as theirs

    Raises Http404 for one that is absent or another's, alike.
    """
    token = request.headers.get(HEADER, "")
    if token and is_token_of(number, token):
        found = Order.objects.filter(number=number)
    else:
        found = orders_of(request, staff_permission=staff_permission).filter(number=number)
    order = found.first()
    if order is None:
        raise Http404
    return order


def acting_as(request: Request, order: Order) -> str:
    """Return who moves the order, for its history."""
    if request.user.is_authenticated and order.user_id == request.user.pk:
        return "customer"
    return "staff" if is_staff(request.user) else "guest"
