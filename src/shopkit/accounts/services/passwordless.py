"""Signing in by a code alone, which also makes accounts."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.models import SignInMethod
from shopkit.otp import services as otp
from shopkit.otp.destinations import normalise
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Challenge
from shopkit.otp.services import Issued, Verified

from .codes import SIGN_IN, ask
from .contacts import bind_contact, hold_contact, is_proven, owner_of, take_over
from .languages import keep_language, language_asked, language_at_asking
from .registration import finish_registration
from .second_factor import let_in
from .tokens import Tokens

SALT = "shopkit.accounts.link"


@dataclass(frozen=True)
class SignedIn:
    """Somebody proved who he is; his account may have been made just now."""

    tokens: Tokens
    user: Any
    is_new_user: bool


def ask_code(
    request: HttpRequest, *, channel: str, destination: str, registration: str = ""
) -> Issued:
    """Send a code that signs in, whether we know the destination or not.

    destination -- phone or e-mail address, in any usual spelling
    registration -- challenge of a registration for the same destination that is to go on with its
        password; without it, whoever answers is taken for the owner alone

    Raises ValidationError for "channel", "phone" or "email"; RateLimited.
    """
    destination = normalise(destination)
    payload = _registration_of(registration, destination=destination)
    return ask(request, purpose=SIGN_IN, channel=channel, destination=destination, payload=payload)


@sensitive_variables("code")
def answer_code(
    request: HttpRequest, *, challenge: str, code: str, first_name: str = "", last_name: str = ""
) -> SignedIn | Issued:
    """Sign in whoever holds what the challenge was sent to; make his account when he has none.

    The answer is another challenge when the account has a second factor.

    first_name, last_name -- of a new account; an existing one keeps its own

    Raises InvalidCode, whatever was wrong, also for an account that is switched off; EmailRequired;
    as ``let_in`` does.
    """
    verified = otp.verify(challenge=challenge, code=code, purpose=SIGN_IN)
    return _signed_in(request, verified, first_name=first_name, last_name=last_name)


@sensitive_variables("token")
def answer_link(request: HttpRequest, *, token: str) -> SignedIn | Issued:
    """Do what ``answer_code`` does, by the link that was mailed.

    Whoever opens it owns the address, and need not be who registered with it: it finishes a
    registration only while no other waits for that address.

    Raises InvalidCode; EmailRequired; as ``let_in`` does.
    """
    try:
        challenge, code = signing.loads(token, salt=SALT)
        verified = otp.verify(challenge=challenge, code=code, purpose=SIGN_IN)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvalidCode from error
    return _signed_in(request, verified, is_by_link=True)


@sensitive_variables("code")
def link_token(*, challenge: str, code: str) -> str:
    """Return what a mailed link ends in. It answers its own challenge and no later one."""
    return signing.dumps([challenge, code], salt=SALT)


def _signed_in(request: HttpRequest, verified: Verified, **given: Any) -> SignedIn | Issued:
    with transaction.atomic():
        user, is_new = _owner_or_new(verified, **given)
        if is_new:
            keep_language(user, language_asked(request) or language_at_asking(verified))
    if not user.is_active:
        raise InvalidCode
    result = let_in(
        request,
        user=user,
        proved=verified.destination,
        method=SignInMethod.CODE,
        answered=verified,
    )
    return result if isinstance(result, Issued) else SignedIn(result, user, is_new)


def _registration_of(challenge: str, *, destination: str) -> dict[str, str]:
    """Return what the code that is sent again carries of a registration."""
    if not challenge:
        return {}
    try:
        rows = Challenge.objects.filter(pk=challenge, purpose=SIGN_IN, destination=destination)
        payload = rows.values_list("payload", flat=True).first()
    except ValidationError as error:
        text = _("There is no such registration.")
        raise ValidationError({"challenge": ValidationError(text, code="invalid")}) from error
    return {name: str((payload or {}).get(name, "")) for name in ("registration", "username")}


def _owner_or_new(verified: Verified, **given: Any) -> tuple[Any, bool]:
    destination = verified.destination
    hold_contact(destination)
    user = owner_of(destination)
    if user is None:
        registration = str(verified.payload.get("registration", ""))
        return finish_registration(destination, registration=registration, **given), True
    if not user.is_active:
        return user, False
    if is_proven(user, destination):
        bind_contact(user, destination)
    else:
        take_over(user, verified)
    return user, False
