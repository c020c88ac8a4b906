"""Whose Telegram is whose.

A user who is bound to one Telegram account is never bound to another before the first one let go
(/stop, or staff).
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from shopkit.accounts.models import EmailAddress, PhoneNumber, Profile, TelegramAccount
from shopkit.core.locks import hold
from shopkit.otp import services as otp
from shopkit.otp.errors import InvalidCode

from .changes import announce_change
from .languages import keep_language

CHANNEL = "telegram"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who talks with the bot, and in which language."""

    telegram_id: int
    first_name: str = ""
    last_name: str = ""
    language: str = ""

    @property
    def destination(self) -> str:
        """Where codes go: a private chat has its person's id."""
        return f"telegram:{self.telegram_id}"


def sender_of(given: Any) -> Sender | None:
    """Return the sender that a challenge's payload names, None for none."""
    if not isinstance(given.get("telegram_id"), int):
        return None
    return Sender(**{name: given[name] for name in Sender.__dataclass_fields__ if name in given})


def link_of(telegram_id: int) -> TelegramAccount | None:
    """Return whose Telegram account this is, the user with it."""
    rows = TelegramAccount.objects.select_related("user")
    return rows.filter(telegram_id=telegram_id).first()


def is_linked(user: Any) -> bool:
    """Say whether ``user`` is bound to a Telegram account."""
    return TelegramAccount.objects.filter(user=user).exists()


def lock_name(telegram_id: int) -> str:
    """Return the name to ``hold`` while it is decided whose a Telegram account is."""
    return f"accounts:telegram:{telegram_id}"


def link(user: Any, sender: Sender, *, chat_id: int | None, is_new: bool) -> None:
    """Bind ``sender`` to ``user``, in a transaction that holds ``lock_name``.

    is_new -- the account was made just now, so there is nobody to be told
    """
    TelegramAccount.objects.create(user=user, telegram_id=sender.telegram_id, chat_id=chat_id)
    keep_language(user, sender.language)
    if not is_new:
        announce_change(user, kind="telegram", language=sender.language)


def link_late(user: Any, sender: Sender) -> None:
    """Bind ``sender`` to ``user`` after the second factor was answered.

    Raises InvalidCode when one of the two was bound otherwise meanwhile.
    """
    with transaction.atomic():
        hold(lock_name(sender.telegram_id))
        if link_of(sender.telegram_id) is not None or is_linked(user):
            raise InvalidCode
        link(user, sender, chat_id=sender.telegram_id, is_new=False)


def stop(telegram_id: int) -> str:
    """Let a chat go and return what was done: "unlinked", "silenced", "needed" or "unknown".

    A user who could not sign in any other way stays linked, but gets no more messages; one whose
    second factor comes here must switch that off first. Codes that are on their way are withdrawn.
    """
    with transaction.atomic():
        hold(lock_name(telegram_id))
        otp.void(destination=f"telegram:{telegram_id}")
        found = link_of(telegram_id)
        if found is None:
            return "unknown"
        if Profile.objects.filter(user=found.user, two_factor=CHANNEL).exists():
            return "needed"
        if not _has_other_way(found.user):
            TelegramAccount.objects.filter(pk=found.pk).update(chat_id=None)
            return "silenced"
        _remove(found)
        return "unlinked"


def unlink(found: TelegramAccount) -> None:
    """Unbind a Telegram account from its user and withdraw the codes sent there; for staff."""
    with transaction.atomic():
        hold(lock_name(found.telegram_id))
        otp.void(destination=f"telegram:{found.telegram_id}")
        _remove(found)


def _remove(found: TelegramAccount) -> None:
    user = found.user
    found.delete()
    announce_change(user, kind="telegram_removed")


def _has_other_way(user: Any) -> bool:
    return (
        PhoneNumber.objects.filter(user=user).exists()
        or EmailAddress.objects.filter(user=user).exists()
        or user.has_usable_password()
    )
