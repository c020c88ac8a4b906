"""A user's own profile."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shopkit.accounts.models import Address, Profile, TelegramAccount

from .contacts import email_column, email_of, is_named_by_email, phone_of
from .names import assign, save_named


@dataclass(frozen=True)
class Card:
    """What a user sees of himself. ``email`` falls back to what the site has, unproven."""

    user: Any
    profile: Profile
    email: str
    email_verified: bool
    phone: str
    telegram_linked: bool
    default_address: Address | None


def card_of(user: Any) -> Card:
    """Return the card of ``user``; six statements, whatever he has."""
    proven = email_of(user)
    return Card(
        user=user,
        profile=profile_of(user),
        email=proven or str(getattr(user, email_column() or "email", "") or ""),
        email_verified=bool(proven),
        phone=phone_of(user),
        telegram_linked=TelegramAccount.objects.filter(user=user).exists(),
        default_address=Address.objects.filter(user=user, is_default=True).first(),
    )


def contact_of(user: Any) -> dict[str, str]:
    """Return who receives a parcel unless it is said: {"name", "phone", "email"}, "" for unknown.

    For ``SHOPKIT["ORDERS"]["CONTACT_DEFAULTS"]``. Only a proven phone; an e-mail address that the
    site has is good enough to be told about an order of one's own.
    """
    email = email_of(user) or str(getattr(user, email_column() or "email", "") or "")
    name = user.get_full_name() if hasattr(user, "get_full_name") else ""
    return {"name": name, "phone": phone_of(user), "email": email}


def profile_of(user: Any) -> Profile:
    """Return the profile of ``user``, unsaved when there is none yet."""
    return Profile.objects.filter(user=user).first() or Profile(user=user)


def change_profile(user: Any, *, language: str | None = None, **names: str) -> Profile:
    """Change what is given and return the profile.

    language -- one of conf.LANGUAGES, or "" for the site's default
    names -- ``username``, ``first_name``, ``last_name``

    Raises ValidationError by member, code "username_taken" among others, or "use_profile_email"
    where the username is the e-mail address; nothing has changed then.
    """
    if "username" in names and is_named_by_email():
        # The name is the address there, and an address is changed by proving the new one.
        text = _("Change your e-mail address instead.")
        raise ValidationError({"username": ValidationError(text, code="use_profile_email")})
    columns = assign(user, names)
    with transaction.atomic():
        if "username" in names:
            save_named(user, update_fields=columns)
        elif columns:
            user.save(update_fields=columns)
        if language is not None:
            Profile.objects.update_or_create(user=user, defaults={"language": language})
    profile = profile_of(user)
    profile.user = user
    return profile
