"""Where people are reached. Only what somebody has proven is his."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from shopkit.core.backends import load_callable

from .conf import notifications_settings

OF_ACCOUNTS = "shopkit.notifications.people.contacts_of"


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Where a user is reached; "" and None for where he is not.

    phone -- E.164
    chat_id -- of his Telegram chat with the site's bot
    language -- the one he chose; "" when he chose none
    """

    email: str = ""
    phone: str = ""
    chat_id: int | None = None
    language: str = ""


def contacts_of(user: Any) -> Contacts:
    """Return where ``user`` is reached, as ``CONTACTS`` says."""
    path = notifications_settings().CONTACTS
    if path is None and not apps.is_installed("shopkit.accounts"):
        return contacts_of_model(user)
    found = load_callable(path or OF_ACCOUNTS)(user)
    if not isinstance(found, Contacts):
        raise TypeError(f"CONTACTS must return Contacts, not {type(found).__name__}.")
    return found


def contacts_of_model(user: Any) -> Contacts:
    """Return what Django's own user model knows.

    For sites that sign people in by themselves: whether the address is proven is their affair.
    """
    return Contacts(email=str(getattr(user, type(user).get_email_field_name(), "") or ""))
