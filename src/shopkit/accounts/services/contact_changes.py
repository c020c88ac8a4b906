"""Changing one's phone or e-mail address, with proof of the new one."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.errors import TwoFactorInUse
from shopkit.accounts.models import Profile
from shopkit.core.locks import hold
from shopkit.otp import services as otp
from shopkit.otp.destinations import normalise
from shopkit.otp.services import Issued

from .changes import announce_change
from .codes import CHANGE_EMAIL, ask, channel_for
from .contacts import bind_contact, email_of, hold_contact, owner_of, phone_of


def change_contact(request: HttpRequest, *, user: Any, destination: str, purpose: str) -> Issued:
    """Send a code to a phone or address that ``user`` wants to have.

    One that is somebody else's is answered alike and gets no code.

    purpose -- codes.CHANGE_PHONE or codes.CHANGE_EMAIL

    Raises ValidationError for "phone" or "email", RateLimited; TwoFactorInUse when the codes of the
    second factor go to the one that would be replaced.
    """
    destination = normalise(destination)
    _check_factor(user, channel_for(destination))
    owner = owner_of(destination)
    return ask(
        request,
        purpose=purpose,
        channel=channel_for(destination),
        destination=destination,
        user=user,
        is_decoy=owner is not None and owner.pk != user.pk,
    )


@sensitive_variables("code")
def finish_change(*, user: Any, challenge: str, code: str, purpose: str) -> str:
    """Give ``user`` the phone or address that the code was sent to, and return it.

    Codes that went to the one before are withdrawn. It is told, and so is every other contact.

    Raises InvalidCode, also when it became somebody else's meanwhile; TwoFactorInUse.
    """
    verified = otp.verify(challenge=challenge, code=code, purpose=purpose, user_ref=str(user.pk))
    with transaction.atomic():
        _check_factor(user, channel_for(verified.destination))
        # The one before is that of this moment, whatever it was when the code was asked for.
        hold(f"accounts:contacts_of:{user.pk}")
        old = email_of(user) if purpose == CHANGE_EMAIL else phone_of(user)
        hold_contact(verified.destination)
        bind_contact(user, verified.destination)
        if old and old != verified.destination:
            otp.void(destination=old)
            otp.note(verified, old=old)
        if old != verified.destination:
            announce_change(
                user, kind=purpose, challenge=verified.challenge, language=verified.language
            )
    return verified.destination


def _check_factor(user: Any, channel: str) -> None:
    """Refuse to move the second factor: a stolen access token alone must not be able to."""
    factor = Profile.objects.filter(user=user).values_list("two_factor", flat=True).first()
    old = email_of(user) if channel == "email" else phone_of(user)
    if factor == channel and old:
        raise TwoFactorInUse
