"""What people are told about their accounts, wherever they can be reached. Never a code.

Whoever changes an account may be a stranger who took one of its contacts over. So every *other*
contact is told: each by a fact of its own, so that a gateway that fails repeats its own message and
no other.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from shopkit.accounts.facts import notice_due
from shopkit.otp.models import Challenge

from .codes import RESET, SIGN_IN
from .contacts import email_of, reach
from .languages import language_of
from .reaching import mail, say_by_bot, text

# {kind: the channel whose contact has just proven to be there, and knows}
KINDS = {
    "password": "",
    "phone": "sms",
    "phone_removed": "",
    "email": "email",
    "email_removed": "",
    "telegram": "telegram",
    "telegram_removed": "",
    "two_factor": "",
    "taken_over": "email",
    "contested": "",
}
CHANNELS = ("email", "sms", "telegram")
OLD = "old"  # "old:0", "old:1": one of the contacts that the challenge replaced
TEMPLATES = "shopkit/accounts/notices"


def tell_change(*, user: str, kind: str, challenge: str, language: str) -> None:
    """Announce a message to each contact that is to hear of a change; see ``announce_change``."""
    found = _user(user)
    if found is None:
        return
    channels = [one for one in CHANNELS if one != KINDS[kind] and reach(found, one)]
    channels += [f"{OLD}:{place}" for place in range(len(_old_contacts(challenge)))]
    with transaction.atomic():
        for channel in channels:
            notice_due.announce(
                user=user, kind=kind, channel=channel, challenge=challenge, language=language
            )


def send_notice(*, user: str, kind: str, channel: str, challenge: str, language: str) -> None:
    """Send one message.

    channel -- one of CHANNELS, or OLD and the place among what the challenge replaced

    Raises BackendError when trying again may help.
    """
    found = _user(user)
    if found is None:
        return
    place = _place_of(found, channel, challenge)
    if place:
        _tell(place, kind=kind, language=language_of(found) or language)


def tell_known(*, challenge: UUID | str) -> None:
    """Tell the owner of an address that somebody wants to register with it.

    Or that his second factor goes there, so that it cannot set a new password alone.
    """
    found = Challenge.objects.filter(pk=challenge, is_decoy=True).first()
    if found is None:
        return
    if found.purpose == SIGN_IN and found.payload.get("is_known"):
        _tell(found.destination, kind="known", language=found.language)
    if found.purpose == RESET and found.payload.get("is_factor"):
        _tell(found.destination, kind="reset_refused", language=found.language)


def welcome(*, user: str) -> None:
    """Greet a new user who has an e-mail address."""
    found = _user(user)
    address = "" if found is None else email_of(found)
    if address:
        _tell(address, kind="welcome", language=language_of(found))


def _user(reference: str) -> Any:
    try:
        return get_user_model()._default_manager.filter(pk=reference).first()
    except (ValueError, ValidationError):
        return None


def _place_of(user: Any, channel: str, challenge: str) -> str:
    """Return the contact that a message goes to, "" when there is none any more."""
    name, _, position = channel.partition(":")
    if name != OLD:
        return reach(user, channel)
    return next(iter(_old_contacts(challenge)[int(position or 0) :]), "")


def _old_contacts(challenge: str) -> list[str]:
    rows = Challenge.objects.filter(pk=challenge) if challenge else Challenge.objects.none()
    old = (rows.values_list("payload", flat=True).first() or {}).get("old") or []
    return [old] if isinstance(old, str) else list(old)


def _tell(place: str, *, kind: str, language: str) -> None:
    if place.startswith("+"):
        text(place, kind=kind, language=language)
        return
    with override(language or settings.LANGUAGE_CODE):
        subject = _words(f"{kind}_subject")
        body = _words(kind)
    if "@" in place:
        mail(place, subject=subject, body=body)
    else:
        say_by_bot(place, body)


def _words(name: str) -> str:
    return render_to_string(f"{TEMPLATES}/{name}.txt").strip()
