"""Whose cart a request means."""

from dataclasses import dataclass
from typing import Any

from rest_framework.request import Request

from shopkit.cart.owners import is_genuine, new_token, owner_of_token, owner_of_user

HEADER = "X-Cart-Token"


@dataclass(frozen=True)
class CartOwner:
    """Who a cart belongs to.

    owner -- the store's name for them; "" for a visitor who has no cart yet
    token -- a guest's secret; None for users and for who has no cart yet
    user -- the signed-in user, or None
    """

    owner: str
    token: str | None = None
    user: Any = None


def cart_owner(request: Request) -> CartOwner:
    """Return the signed-in user, or the guest that a genuine X-Cart-Token names, or nobody yet."""
    if request.user and request.user.is_authenticated:
        return CartOwner(owner_of_user(request.user), user=request.user)
    token = request.headers.get(HEADER, "")
    return _guest(token) if is_genuine(token) else CartOwner("")


def cart_owner_to_write(request: Request) -> CartOwner:
    """Return the same; nobody becomes a guest with a new secret."""
    owner = cart_owner(request)
    return owner if owner.owner else _guest(new_token())


def _guest(token: str) -> CartOwner:
    return CartOwner(owner_of_token(token), token)
