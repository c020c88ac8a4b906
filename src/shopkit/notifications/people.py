"""What is read of accounts. Imported only where shopkit.accounts is installed."""

from typing import Any

from shopkit.accounts.models import Profile, TelegramAccount
from shopkit.accounts.services.contacts import email_of, phone_of
from shopkit.accounts.services.linking import link_of

from .contacts import Contacts


def contacts_of(user: Any) -> Contacts:
    """Return the proven contacts of ``user`` and the language of his profile."""
    chats = TelegramAccount.objects.filter(user=user).values_list("chat_id", flat=True)
    return Contacts(
        email=email_of(user),
        phone=phone_of(user),
        chat_id=chats.first(),
        language=language_of(user),
    )


def language_of(user: Any) -> str:
    """Return the language that ``user`` chose, or ""."""
    rows = Profile.objects.filter(user=user)
    return rows.values_list("language", flat=True).first() or ""


def user_of(telegram_id: int) -> Any:
    """Return the user who has proven to own this Telegram account, or None."""
    link = link_of(telegram_id)
    return None if link is None else link.user
