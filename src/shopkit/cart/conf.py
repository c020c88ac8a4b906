"""Settings of the cart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class CartSettings:
    """``SHOPKIT["CART"]``: what somebody is about to buy.

    BACKEND -- dotted path of a ``shopkit.cart.stores.base.CartStore`` subclass
    OPTIONS -- its keyword arguments
    MAX_QUANTITY -- most units of one variant
    MAX_LINES -- most lines of one cart
    GUEST_LIFETIME -- a guest's untouched cart may be thrown away after this; the database store
        does so when ``shopkit_forget_carts`` runs, in Redis it expires by itself
    """

    BACKEND: str = "shopkit.cart.stores.database.DatabaseCartStore"
    OPTIONS: Mapping[str, Any] = field(default_factory=dict)
    MAX_QUANTITY: int = 99
    MAX_LINES: int = 100
    GUEST_LIFETIME: timedelta = timedelta(days=30)

    def __post_init__(self) -> None:
        if self.MAX_QUANTITY < 1 or self.MAX_LINES < 1:
            raise ValueError("MAX_QUANTITY and MAX_LINES must be at least 1.")
        if self.GUEST_LIFETIME <= timedelta(0):
            raise ValueError("GUEST_LIFETIME must be longer than nothing.")


cart_settings = Section("CART", CartSettings)
