"""Settings of notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkit.core.conf import Section
from shopkit.core.rates import rates

# A slash is an "or": the first of these that reaches the person, so that nobody is sent a text
# message that costs money beside a Telegram message that does not.
DEFAULT_ROUTES: Mapping[str, Sequence[str]] = {
    "order_placed": ("email", "telegram"),
    "order_paid": ("email", "telegram"),
    "order_shipped": ("email", "telegram/sms"),
    "order_delivered": ("email", "telegram"),
    "order_cancelled": ("email", "telegram/sms"),
    "order_returned": ("email", "telegram"),
    "order_refunded": ("email", "telegram"),
    "back_in_stock": ("email", "telegram"),
    "review_published": (),
    "review_rejected": (),
    "welcome": (),
    "staff_order_placed": ("telegram", "email"),
    "staff_order_paid": ("telegram", "email"),
    "staff_payment_review": ("telegram", "email"),
    "staff_review_waiting": ("telegram", "email"),
    "staff_stock_low": ("telegram", "email"),
}


@dataclass(frozen=True, kw_only=True)
class NotificationsSettings:
    """``SHOPKIT["NOTIFICATIONS"]``: who is told what, and how.

    A budget is a list such as ("6/hour", "20/day"), counted in the database; an empty one lifts it.

    ROUTES -- {kind: ways}; a kind that is not named keeps its default. A way is the name of a
        channel, or several with a slash between: "telegram/sms" is the first that reaches the
        person. The inbox of a user gets everything and is no way
    CHANNELS -- {name: {"BACKEND": dotted path of a ``NotificationChannel`` subclass, "OPTIONS":
        {...}}}; None for those of shopkit whose app is installed: "email", "sms" and "telegram"
    CONTACTS -- dotted path of ``(user) -> Contacts`` (``shopkit.notifications.contacts``): where a
        user is reached; only what he has proven. None asks shopkit.accounts, and without it the
        user model's own e-mail address
    GUEST_CHANNELS -- channels by which somebody is reached who ordered without signing in, at the
        address he typed. Adding "sms" lets strangers have text messages sent to numbers that they
        have not proven, at your cost, as far as the budgets go
    GUEST_PER_DESTINATION -- budget of messages to one address or number that nobody has proven
    METERED_PER_CHANNEL -- budget of messages through one channel that costs money: the most that
        fraud can cost
    COUNTRIES -- ISO 3166 countries whose mobile numbers are sent text messages; None for every one
    MAX_AGE -- a message that could not be sent for so long after what it tells is dropped
    KEEP -- how long ``shopkit_forget_notifications`` leaves what was told
    STAFF_CHAT_ID -- Telegram chat of the staff, a number; a group's is negative. None for no chat
    STAFF_EMAILS -- addresses of the staff
    STAFF_LANGUAGE -- language of messages to the staff; "" for the site's
    STAFF_USER -- dotted path of ``(telegram_id: int) -> user | None``: whose Telegram account
        pressed a button. None asks shopkit.accounts
    ORDER_URL -- page of an order, with {number} in it: "https://shop.uz/orders/{number}/"; a link
        in messages. "" for none
    PREFERENCES_URL -- page where a user chooses what he is told, for mails. "" for none
    """

    ROUTES: Mapping[str, Sequence[str]] = field(default_factory=dict)
    CHANNELS: Mapping[str, Mapping[str, Any]] | None = None
    CONTACTS: str | None = None
    GUEST_CHANNELS: Sequence[str] = ("email",)
    GUEST_PER_DESTINATION: Sequence[str] = ("6/hour", "20/day")
    METERED_PER_CHANNEL: Sequence[str] = ("1000/hour",)
    COUNTRIES: Sequence[str] | None = ("UZ",)
    MAX_AGE: timedelta = timedelta(days=1)
    KEEP: timedelta = timedelta(days=180)
    STAFF_CHAT_ID: int | None = None
    STAFF_EMAILS: Sequence[str] = ()
    STAFF_LANGUAGE: str = ""
    STAFF_USER: str | None = None
    ORDER_URL: str = ""
    PREFERENCES_URL: str = ""

    def __post_init__(self) -> None:
        for name in ("GUEST_CHANNELS", "STAFF_EMAILS", "COUNTRIES"):
            if isinstance(getattr(self, name), str):
                raise ValueError(f"{name} must be a list, not one text.")
        self._check_routes()
        for name in ("GUEST_PER_DESTINATION", "METERED_PER_CHANNEL"):
            rates(getattr(self, name), name=name)
        if self.MAX_AGE <= timedelta(0):
            raise ValueError("MAX_AGE must be longer than nothing.")
        if self.KEEP < timedelta(days=2):
            # The longest budget looks back one day, and a repeated fact must find its event.
            raise ValueError("KEEP must be at least two days.")
        self._check_links()

    def routes(self, kind: str) -> Sequence[str]:
        """Return the ways of a kind; none for a kind that nobody knows."""
        return self.ROUTES.get(kind, DEFAULT_ROUTES.get(kind, ()))

    def _check_routes(self) -> None:
        if unknown := sorted(self.ROUTES.keys() - DEFAULT_ROUTES.keys()):
            raise ValueError(f"ROUTES has unknown kinds: {', '.join(unknown)}.")
        for kind, ways in self.ROUTES.items():
            if isinstance(ways, str) or not all(isinstance(way, str) and way for way in ways):
                raise ValueError(f"ROUTES: {kind} must be a list of names of channels.")

    def _check_links(self) -> None:
        for name in ("ORDER_URL", "PREFERENCES_URL"):
            url = getattr(self, name)
            if url and not url.startswith(("https://", "http://")):
                raise ValueError(f"{name} must begin with https:// or http://.")
        if self.ORDER_URL and "{number}" not in self.ORDER_URL:
            raise ValueError("ORDER_URL must have {number} in it.")


notifications_settings = Section("NOTIFICATIONS", NotificationsSettings)
