"""Who receives the parcel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.core.backends import load_callable

from .conf import orders_settings


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who receives the parcel. ``phone`` is E.164: "+998901234567"; ``email`` may be ""."""

    name: str
    phone: str
    email: str = ""


def complete_contact(given: Mapping[str, str], *, user: Any) -> Contact:
    """Return ``given`` with what is missing taken from the user's profile.

    Raises ValidationError naming ``contact.name`` or ``contact.phone`` when nobody knows them.
    """
    known: dict[str, str] = {"name": "", "phone": "", "email": ""}
    if user is not None:
        known |= load_callable(orders_settings().CONTACT_DEFAULTS)(user)
    known |= {name: value for name, value in given.items() if value}
    missing = {
        f"contact.{name}": ValidationError(_("This field is required."), code="required")
        for name in ("name", "phone")
        if not known[name]
    }
    if missing:
        raise ValidationError(missing)
    return Contact(name=known["name"], phone=known["phone"], email=known["email"])


def contact_of_user(user: Any) -> dict[str, str]:
    """Return what Django's own user model knows; the default of CONTACT_DEFAULTS."""
    name = user.get_full_name() if hasattr(user, "get_full_name") else ""
    return {"name": name, "phone": "", "email": getattr(user, "email", "") or ""}
