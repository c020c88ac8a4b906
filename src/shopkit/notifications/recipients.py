"""Who is told: a user, somebody who ordered as a guest, or the staff."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from shopkit.core.backends import load_callable

from .conf import notifications_settings
from .contacts import contacts_of
from .languages import choose_language

STAFF = "staff"
# Read of orders, which may not be installed.
GUEST_OF = "shopkit.notifications.buyers.guest_of"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody who is told, and where he is reached now.

    ref -- names him for good: "user:5", "order:7K3M9-QX2TD", "staff", "staff:boss@example.com"
    phone -- E.164
    is_guest -- his addresses are those he typed; nobody has proven them
    """

    ref: str
    language: str
    user: Any = None
    email: str = ""
    phone: str = ""
    chat_id: int | None = None
    is_guest: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether it is the staff's own chat or one of its addresses."""
        return self.ref == STAFF or self.ref.startswith(f"{STAFF}:")


def of_user(user: Any, *, language: str = "") -> Recipient:
    """Return a user as a recipient.

    language -- of what it is about, such as the order's; "" for the user's own
    """
    found = contacts_of(user)
    return Recipient(
        ref=f"user:{user.pk}",
        language=choose_language(language, found.language),
        user=user,
        email=found.email,
        phone=found.phone,
        chat_id=found.chat_id,
    )


def of_staff() -> list[Recipient]:
    """Return the staff: the team with its chat, and each of its addresses."""
    settings = notifications_settings()
    language = choose_language(settings.STAFF_LANGUAGE)
    team = Recipient(ref=STAFF, language=language, chat_id=settings.STAFF_CHAT_ID)
    return [
        team,
        *(
            Recipient(ref=f"{STAFF}:{address}", language=language, email=address)
            for address in settings.STAFF_EMAILS
        ),
    ]


def find(ref: str) -> Recipient | None:
    """Return whom ``ref`` names, as he is reached now; None when there is nobody any more."""
    kind, _, key = ref.partition(":")
    if kind == STAFF:
        return next((one for one in of_staff() if one.ref == ref), None)
    if kind == "order":
        found: Recipient | None = load_callable(GUEST_OF)(key)
        return found
    user = active_user(key) if kind == "user" else None
    return of_user(user) if user is not None else None


def active_user(key: str) -> Any:
    """Return the active user of that key, or None."""
    try:
        user: Any = get_user_model()._default_manager.filter(pk=key).first()
    except (ValueError, ValidationError):
        return None
    return user if user is not None and user.is_active else None
