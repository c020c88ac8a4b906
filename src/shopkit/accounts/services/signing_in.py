"""Signing in by password, with a second factor where the account has one."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.conf import IDENTIFIERS, accounts_settings
from shopkit.accounts.errors import InvalidCredentials, NotVerified, SecondFactorLost
from shopkit.accounts.models import (
    Profile,
    SignInMethod,
    TelegramAccount,
    password_stamp,
)
from shopkit.otp import services as otp
from shopkit.otp.channels.loading import channel_paths
from shopkit.otp.errors import InvalidCode
from shopkit.otp.services import Issued

from .codes import SIGN_IN, TWO_FACTOR, ask
from .contacts import email_of, is_named_by_email, is_proven, owner_of, phone_of, read_contact
from .limits import count_login, forget_logins
from .names import normalise_username
from .sessions import start_session
from .tokens import Tokens
from .waiting import knows_password


@sensitive_variables("password")
def sign_in(
    request: HttpRequest,
    *,
    identifier: str,
    password: str,
    kinds: Collection[str] = IDENTIFIERS,
) -> Tokens | Issued:
    """Sign somebody in by password; the answer is a challenge when a second factor is asked for.

    The site's own authentication backends decide. A password is counted before it is looked at.
    Every failure costs two hashes, whether the name is known or unknown (more where several people
    registered with one address, known or not), and is answered alike. Call it outside a
    transaction.

    kinds -- what the identifier may be; only those that ``LOGIN_BY`` allows count. A proven
        address goes before a username that looks like one

    Raises InvalidCredentials; NotVerified, only after the right password, for a registration whose
    address is still to be proven; RateLimited.
    """
    allowed = set(kinds) & set(accounts_settings().LOGIN_BY)
    contact = read_contact(identifier)
    contact = contact if _kind(contact) in allowed else ""
    owner = owner_of(contact, is_proven_only=not is_named_by_email()) if contact else None
    name = _name_of(owner, identifier, allowed)
    count_login(request, name=contact or normalise_username(identifier), user_key=_key_of(name))
    user = authenticate(request, username=name, password=password)
    if user is None or not user.is_active:
        _refuse(contact=contact, name=name, password=password)
    forget_logins(request, name=contact or normalise_username(identifier))
    factor = _second_factor(user)
    if factor:
        return _ask_second(request, user, factor)
    return start_session(request, user=user, method=SignInMethod.PASSWORD)


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
    return start_session(request, user=user, method=SignInMethod.TWO_FACTOR)


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

    Raises ValidationError for "password" or "channel", InvalidCode, RateLimited.
    """
    if channel is not None and not _destination(user, channel):
        text = _("Prove a phone or address for this channel first.")
        raise ValidationError({"channel": ValidationError(text, code="no_destination")})
    if challenge is not None:
        verified = otp.verify(challenge=challenge, code=code or "", purpose=SIGN_IN)
        current = Profile.objects.filter(user=user).values_list("two_factor", flat=True).first()
        # While there is a second factor, only it speaks for the owner: a stolen access token
        # could have added a phone or an address of the thief's.
        if not is_proven(user, verified.destination) or (current and verified.channel != current):
            raise InvalidCode
    else:
        check_own_password(request, user=user, password=password or "", member="password")
    Profile.objects.update_or_create(user=user, defaults={"two_factor": channel or ""})
    return channel


@sensitive_variables("password")
def check_own_password(request: HttpRequest, *, user: Any, password: str, member: str) -> None:
    """See that who is signed in knows the password; tries are counted as those of signing in are.

    member -- what an error is filed under

    Raises ValidationError (code "wrong_password"), RateLimited.
    """
    name = f"own:{user.pk}"
    count_login(request, name=name, user_key=user.pk)
    if not user.check_password(password):
        wrong = ValidationError(_("The password is wrong."), code="wrong_password")
        raise ValidationError({member: wrong})
    forget_logins(request, name=name)


def user_of(reference: str) -> Any:
    """Return the active user that a challenge was asked for, or None."""
    try:
        user = get_user_model()._default_manager.filter(pk=reference).first()
    except (ValueError, ValidationError):
        return None
    return user if user is not None and user.is_active else None


def _kind(contact: str) -> str:
    if not contact:
        return ""
    return "email" if "@" in contact else "phone"


def _name_of(owner: Any, identifier: str, allowed: Collection[str]) -> str:
    """Return the username to ask the backends for; a name nobody has where it may be none."""
    if owner is not None:
        return str(owner.get_username())
    may_be_name = "username" in allowed or ("email" in allowed and is_named_by_email())
    return normalise_username(identifier) if may_be_name else ""


def _key_of(name: str) -> Any:
    field = get_user_model().USERNAME_FIELD
    rows = get_user_model()._default_manager.filter(**{field: name})
    return rows.values_list("pk", flat=True).first()


@sensitive_variables("password")
def _refuse(*, contact: str, name: str, password: str) -> None:
    is_right = knows_password(password, destination=contact, name_key=name.casefold())
    if is_right is None:
        make_password(password)
    if is_right:
        raise NotVerified
    raise InvalidCredentials


def _second_factor(user: Any) -> str:
    rows = Profile.objects.filter(user=user)
    return rows.values_list("two_factor", flat=True).first() or ""


def _destination(user: Any, channel: str) -> str:
    """Return where ``channel`` reaches ``user``, "" when it does not."""
    if channel not in channel_paths():
        return ""
    if channel == "telegram":
        chats = TelegramAccount.objects.filter(user=user).exclude(chat_id=None)
        chat = chats.values_list("chat_id", flat=True).first()
        return "" if chat is None else f"telegram:{chat}"
    return email_of(user) if channel == "email" else phone_of(user)


def _ask_second(request: HttpRequest, user: Any, channel: str) -> Issued:
    destination = _destination(user, channel)
    if not destination:
        raise SecondFactorLost
    payload = {"stamp": password_stamp(user)}
    return ask(
        request,
        purpose=TWO_FACTOR,
        channel=channel,
        destination=destination,
        user=user,
        payload=payload,
    )
