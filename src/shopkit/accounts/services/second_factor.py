"""The second factor: every way of signing in to an account that has one asks for it.

Two things are to be shown, of different kinds: a password, a mailbox, a telephone. Text messages
and Telegram are one kind, because whoever takes a SIM card over receives both.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.errors import PasswordRequired, SecondFactorLost
from shopkit.accounts.models import (
    Profile,
    SignInMethod,
    password_stamp,
)
from shopkit.core.errors import RateLimited
from shopkit.otp import services as otp
from shopkit.otp.channels.loading import channel_paths
from shopkit.otp.errors import InvalidCode
from shopkit.otp.services import Issued, Verified

from .changes import announce_change
from .codes import RESET, SIGN_IN, TWO_FACTOR, ask
from .contacts import is_proven, reach, user_of
from .languages import language_asked
from .limits import check_own_password
from .linking import link_late, sender_of
from .sessions import start_session
from .tokens import Tokens

BY_PASSWORD = "password"  # noqa: S105 - what was shown, not a secret


def factor_of(user: Any) -> str:
    """Return the channel of the second factor of ``user``, "" for none."""
    rows = Profile.objects.filter(user=user)
    return rows.values_list("two_factor", flat=True).first() or ""


def let_in(
    request: HttpRequest,
    *,
    user: Any,
    proved: str,
    method: SignInMethod,
    more: Mapping[str, Any] | None = None,
    answered: Verified | None = None,
) -> Tokens | Issued:
    """Begin a session of ``user``, or ask him for the second factor that his account has.

    proved -- what he has shown already: BY_PASSWORD, or the destination that a code came back from
    method -- of the session of an account without a second factor
    more -- kept with the challenge
    answered -- the code that came back; when a pause or a budget puts the second factor off, it can
        be answered again as long as it lives

    A code from where the second factor itself goes shows one thing only: then the password is
    asked for, or of an account without one a code from a contact of another kind.

    Call it outside a transaction. Raises PasswordRequired, SecondFactorLost when there is nothing
    else to ask for, RateLimited.
    """
    channel = factor_of(user)
    if not channel:
        return start_session(request, user=user, method=method)
    place = _place(user, channel)
    if not place:
        raise SecondFactorLost
    if _is_same_kind(place, proved):
        if user.has_usable_password():
            raise PasswordRequired
        channel = _channel_of_other_kind(user, proved)
        place = reach(user, channel)
    is_by_password = proved == BY_PASSWORD
    method = SignInMethod.TWO_FACTOR if is_by_password else SignInMethod.TWO_CODES
    try:
        return ask(
            request,
            purpose=TWO_FACTOR,
            channel=channel,
            destination=place,
            user=user,
            payload={**(more or {}), "stamp": password_stamp(user), "method": method.value},
        )
    except RateLimited:
        if answered is not None:
            otp.give_back(answered)
        raise


@sensitive_variables("code")
def finish_sign_in(request: HttpRequest, *, challenge: str, code: str) -> Tokens:
    """Answer the second factor.

    Raises InvalidCode, also when the password was changed or the account switched off meanwhile.
    """
    verified = otp.verify(challenge=challenge, code=code, purpose=TWO_FACTOR)
    user = user_of(verified.user_ref)
    stamp = str(verified.payload.get("stamp", ""))
    if user is None or not constant_time_compare(stamp, password_stamp(user)):
        raise InvalidCode
    sender = sender_of(verified.payload)
    if sender is not None:
        link_late(user, sender)
    return start_session(request, user=user, method=SignInMethod(verified.payload["method"]))


@sensitive_variables("password", "code")
def set_two_factor(
    request: HttpRequest,
    *,
    user: Any,
    channel: str | None,
    password: str | None = None,
    challenge: str | None = None,
    code: str | None = None,
) -> str | None:
    """Switch the second factor to ``channel``, or off with None; return the channel.

    password, or challenge and code -- who asks is the owner: the code is one that ``auth/otp/``
        sent to a phone or address that the account has proven

    The owner is told. Raises ValidationError for "password" or "channel", InvalidCode, RateLimited.
    """
    if channel is not None:
        _check_channel(user, channel)
    if challenge is not None:
        verified = otp.verify(challenge=challenge, code=code or "", purpose=SIGN_IN)
        current = factor_of(user)
        # While there is a second factor, only it speaks for the owner: a stolen access token
        # could have added a phone or an address of the thief's.
        if not is_proven(user, verified.destination) or (current and verified.channel != current):
            raise InvalidCode
    else:
        check_own_password(request, user=user, password=password or "", member="password")
    _write(user, channel or "", language=language_asked(request))
    return channel


def drop_second_factor(user: Any) -> bool:
    """Switch the second factor of ``user`` off and tell him; for staff. Say whether he had one."""
    if not factor_of(user):
        return False
    _write(user, "", language="")
    return True


def is_factor_at(destination: str) -> bool:
    """Say whether the second factor of who has proven ``destination`` is of its kind.

    A code from there must not set a password then, or one thing alone would open the account. It
    costs the same for nobody.
    """
    rows = Profile.objects.all().of_destination(destination)
    channel = rows.values_list("two_factor", flat=True).first() or ""
    return bool(channel) and (channel == "email") == ("@" in destination)


def _write(user: Any, channel: str, *, language: str) -> None:
    with transaction.atomic():
        Profile.objects.update_or_create(user=user, defaults={"two_factor": channel})
        # Where codes for a new password may go depends on the second factor.
        for purpose in (TWO_FACTOR, RESET):
            otp.void(user_ref=str(user.pk), purpose=purpose)
        announce_change(user, kind="two_factor", language=language)


def _check_channel(user: Any, channel: str) -> None:
    place = _place(user, channel)
    if not place:
        text = _("Prove a phone or address for this channel first.")
        raise ValidationError({"channel": ValidationError(text, code="no_destination")})
    if not user.has_usable_password() and not _others(user, place):
        text = _("Set a password first, or prove a contact of another kind: two things are needed.")
        raise ValidationError({"channel": ValidationError(text, code="no_first_factor")})


def _place(user: Any, channel: str) -> str:
    """Return where a code can be sent to ``user``, "" where none can.

    A number that was proven by Telegram may be in a country that is sent no text messages.
    """
    place = reach(user, channel)
    return place if place and otp.is_served(channel=channel, destination=place) else ""


def _is_same_kind(place: str, proved: str) -> bool:
    return proved != BY_PASSWORD and ("@" in place) == ("@" in proved)


def _others(user: Any, proved: str) -> list[str]:
    """Return the channels that reach ``user`` by a contact of another kind than ``proved``."""
    reached = ((name, _place(user, name)) for name in channel_paths())
    return [name for name, place in reached if place and not _is_same_kind(place, proved)]


def _channel_of_other_kind(user: Any, proved: str) -> str:
    found = _others(user, proved)
    if not found:
        raise SecondFactorLost
    return found[0]
