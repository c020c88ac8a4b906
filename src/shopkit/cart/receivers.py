"""What the cart does when somebody signs in."""

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction

from .owners import is_genuine
from .services import merge_carts

logger = logging.getLogger("shopkit.cart")


def take_guest_cart_along(request: Any = None, user: Any = None, **_: Any) -> None:
    """Pour the cart that the request's X-Cart-Token names into the user's.

    A failure is logged and changes nothing: a cart is no reason not to let somebody in.
    """
    token = getattr(request, "headers", {}).get("X-Cart-Token", "")
    if not is_genuine(token):
        return
    try:
        # A savepoint where the sign-in runs in a transaction, which it must not break.
        with transaction.atomic():
            merge_carts(token=token, user=user)
    except Exception:
        logger.exception("The guest's cart could not be merged at sign-in.")


def connect() -> None:
    """Listen; called once by the app's ``ready``."""
    user_logged_in.connect(take_guest_cart_along, dispatch_uid="shopkit.cart")
