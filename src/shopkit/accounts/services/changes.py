"""Writing down that an account was changed, so that its owner hears of it."""

from typing import Any
from uuid import UUID

from shopkit.accounts.facts import account_changed


def announce_change(
    user: Any, *, kind: str, challenge: UUID | str = "", language: str = ""
) -> None:
    """Announce ``account_changed``, in the caller's transaction.

    kind -- one of ``notices.KINDS``
    challenge -- the code that changed it. Its payload's "old" is what was replaced: a contact, or
        several, that are told as well
    language -- for an account that has none
    """
    account_changed.announce(
        user=str(user.pk), kind=kind, challenge=str(challenge), language=language
    )
