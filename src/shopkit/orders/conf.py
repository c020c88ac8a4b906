"""Settings of orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shopkit.core.conf import Section

Moves = Mapping[str, Mapping[str, str]]

DEFAULT_MOVES: Moves = {
    "placed": {"processing": "none", "cancelled": "release"},
    "processing": {"shipped": "consume", "cancelled": "release"},
    "shipped": {"delivered": "none", "returned": "none"},
    "delivered": {"returned": "none"},
    "cancelled": {},
    "returned": {},
}


@dataclass(frozen=True, kw_only=True)
class OrdersSettings:
    """``SHOPKIT["ORDERS"]``: from cart to parcel.

    MOVES -- {status: {next status: stock effect}}; the effect is "none", "consume" (units leave
        the shelf) or "release" (they are free again). The first entry of a status is its next step.
    UNPAID_WINDOW -- an unpaid, unconfirmed order is cancelled after this; None for never
    GUEST_CHECKOUT -- whether one can order without signing in
    MAX_OPEN_PER_USER, MAX_OPEN_PER_PHONE, MAX_OPEN_PER_ADDRESS -- most open unpaid orders of one
        user, contact phone, client network address; None for no cap
    MAX_HELD_UNITS -- most units that open unpaid orders of one user or phone may hold; None for
        no cap
    POPULARITY_WINDOW -- units sold for so long back make a product's popularity
    NUMBER -- dotted path of ``() -> str``; must be hard to guess, uniqueness is checked
    CONTACT_DEFAULTS -- dotted path of ``(user) -> {"name", "phone", "email"}``, any of them "";
        "shopkit.accounts.services.profiles.contact_of" where shopkit.accounts is installed
    ADDRESS_BOOK -- dotted path of ``(user, id) -> dict | None`` that reads the user's saved
        address, "shopkit.accounts.services.addresses.address_of" where shopkit.accounts is
        installed; None where the site has no address book
    """

    MOVES: Moves = field(default_factory=lambda: DEFAULT_MOVES)
    UNPAID_WINDOW: timedelta | None = timedelta(days=3)
    GUEST_CHECKOUT: bool = True
    MAX_OPEN_PER_USER: int | None = 10
    MAX_OPEN_PER_PHONE: int | None = 10
    MAX_OPEN_PER_ADDRESS: int | None = 50
    MAX_HELD_UNITS: int | None = 500
    POPULARITY_WINDOW: timedelta = timedelta(days=90)
    NUMBER: str = "shopkit.orders.numbers.random_number"
    CONTACT_DEFAULTS: str = "shopkit.orders.contact.contact_of_user"
    ADDRESS_BOOK: str | None = None

    def __post_init__(self) -> None:
        if self.UNPAID_WINDOW is not None and self.UNPAID_WINDOW <= timedelta(0):
            raise ValueError("UNPAID_WINDOW must be longer than nothing, or None.")
        if self.POPULARITY_WINDOW <= timedelta(0):
            raise ValueError("POPULARITY_WINDOW must be longer than nothing.")


orders_settings = Section("ORDERS", OrdersSettings)
