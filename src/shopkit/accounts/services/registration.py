"""Making an account: at once by username, or after the proof of an address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.conf import accounts_settings
from shopkit.accounts.errors import EmailRequired
from shopkit.accounts.facts import account_created
from shopkit.accounts.models import Address, PendingRegistration
from shopkit.core.phones import normalise_phone
from shopkit.core.purge import delete_all
from shopkit.otp import services as otp
from shopkit.otp.destinations import kind_of, normalise
from shopkit.otp.services import Issued

from .changes import announce_change
from .codes import SIGN_IN, ask, channel_for
from .contacts import bind_contact, is_named_by_email, owner_of
from .languages import keep_language, language_asked
from .names import (
    assign,
    column_of,
    is_taken,
    save_named,
    username_key,
    username_taken,
)
from .passwords import set_password
from .waiting import claim_of, key_for, store

NAMES = ("first_name", "last_name")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What somebody says of himself who wants an account; "" for what he does not say.

    address -- members of ``Address``, validated
    """

    username: str = ""
    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    address: Mapping[str, Any] | None = None


@sensitive_variables("password")
def register(*, username: str, password: str, **contact: str) -> Any:
    """Make an account at once and return its user; for commands and imports.

    contact -- optional ``first_name``, ``last_name``, ``email``. The e-mail is kept as an
        unverified contact and identifies nobody.

    Raises ValidationError by member: a name that is taken (in any case), a password that the
    site's validators refuse, a member that this site's user model does not have.
    Announces ``account_created``.
    """
    user = get_user_model()()
    assign(user, {"username": username, **{name: text for name, text in contact.items() if text}})
    set_password(user, password, member="password")
    return _save_new(user)


@sensitive_variables("password")
def begin_registration(request: HttpRequest, *, password: str, newcomer: Newcomer) -> Issued | None:
    """Make an account, or begin to; the answer is the challenge to be met, None for an account.

    With an e-mail address or a phone, no account exists until that is proven; with both, the
    address is what is to be proven, and the phone is added in the profile later. When it is
    somebody's already the same is done, but the code is a decoy and its owner is told instead. The
    username is reserved either way. Call it outside a transaction.

    Anybody may register with anybody's address: see ``shopkit.accounts.services.waiting``.

    Raises ValidationError by member ("username_taken" among others), RateLimited, EmailRequired.
    """
    destination = _destination_of(newcomer)
    user = get_user_model()()
    assign(user, _values(newcomer, destination))
    set_password(user, password, member="password")
    if not destination:
        with transaction.atomic():
            _save_new(user, address=newcomer.address)
            keep_language(user, language_asked(request))
        return None
    _check_free(user, newcomer, destination)
    return _wait_for_proof(request, user, newcomer, destination=destination, password=password)


def finish_registration(
    destination: str,
    *,
    registration: str,
    is_by_link: bool = False,
    first_name: str = "",
    last_name: str = "",
) -> Any:
    """Make the account of whoever has just proven ``destination``, and return its user.

    What a registration in waiting gives to it is said in ``waiting.claim_of``: somebody else may
    have registered with this address, and his password must not open the account of its owner. Who
    gets no password that way is told to set one.

    registration -- key of the registration that asked for the code, "" for none
    is_by_link -- the code came back by the mailed link

    Call it in a transaction, after ``hold_contact``. Raises EmailRequired; announces
    ``account_created``.
    """
    claim = claim_of(destination, registration=registration, is_by_link=is_by_link)
    PendingRegistration.objects.filter(destination=destination).delete()
    user = get_user_model()()
    given = {"first_name": first_name, "last_name": last_name}
    assign(user, _known_names(claim.names, given))
    user.password = claim.own.password if claim.own else ""
    if not user.password:
        user.set_unusable_password()
    _name(user, claim.names, destination)
    _save_new(user, address=claim.own.address if claim.own else None)
    bind_contact(user, destination)
    if claim.is_contested:
        announce_change(user, kind="contested")
    return user


def forget_registrations() -> int:
    """Delete registrations that nobody finished in time, a day later; return how many."""
    return delete_all(PendingRegistration.objects.forgettable())


def _destination_of(newcomer: Newcomer) -> str:
    """Return what is to be proven, in its one spelling, "" for nothing."""
    email = newcomer.email
    if not email and is_named_by_email():
        if newcomer.phone and not newcomer.username:
            raise EmailRequired
        email = newcomer.username
    if newcomer.phone:
        phone = normalise_phone_member(newcomer.phone)
        return normalise(email) if email else phone
    return normalise(email) if email else ""


def normalise_phone_member(phone: str) -> str:
    """Return ``phone`` as E.164. Raises ValidationError for "phone"."""
    try:
        return normalise_phone(phone)
    except ValidationError as error:
        raise ValidationError({"phone": error}) from error


def _values(newcomer: Newcomer, destination: str) -> dict[str, str]:
    given = {name: getattr(newcomer, name) for name in NAMES if getattr(newcomer, name)}
    if is_named_by_email():
        return {"username": destination, **given}
    if newcomer.username:
        return {"username": newcomer.username, **given}
    if not destination:
        text = _("Give a username, an e-mail address or a phone.")
        raise ValidationError({"username": ValidationError(text, code="required")})
    return given


def _check_free(user: Any, newcomer: Newcomer, destination: str) -> None:
    if _is_chosen(newcomer) and is_taken(user, except_for=destination):
        raise username_taken()


def _is_chosen(newcomer: Newcomer) -> bool:
    """Say whether a username was chosen; where it is the address, it tells who is known."""
    return bool(newcomer.username) and not is_named_by_email()


@sensitive_variables("password")
def _wait_for_proof(
    request: HttpRequest, user: Any, newcomer: Newcomer, *, destination: str, password: str
) -> Issued:
    key = key_for(destination, password)
    is_known = owner_of(destination) is not None
    issued = ask(
        request,
        purpose=SIGN_IN,
        channel=channel_for(destination),
        destination=destination,
        payload={"registration": str(key), "is_known": is_known, "username": newcomer.username},
        is_decoy=is_known,
    )
    pending = PendingRegistration(
        pk=key,
        destination=destination,
        username=user.get_username() if _is_chosen(newcomer) else "",
        username_key=username_key(user) if _is_chosen(newcomer) else None,
        password=user.password,
        first_name=newcomer.first_name,
        last_name=newcomer.last_name,
        address=None if newcomer.address is None else dict(newcomer.address),
        expires_at=Now() + accounts_settings().PENDING_LIFETIME,
    )
    try:
        store(pending, user, challenge=issued.challenge)
    except ValidationError:
        otp.void(challenge=issued.challenge)
        raise
    return issued


def _known_names(pending: PendingRegistration | None, given: Mapping[str, str]) -> dict[str, str]:
    """Return the names that are known and that this site's users have room for."""
    found = {name: given[name] or (getattr(pending, name) if pending else "") for name in NAMES}
    return {name: text for name, text in found.items() if text and column_of(name)}


def _name(user: Any, pending: PendingRegistration | None, destination: str) -> None:
    """Give ``user`` a username: the chosen one when it is free, else one that nobody has."""
    if is_named_by_email():
        if kind_of(destination) != "email":
            raise EmailRequired
        assign(user, {"username": destination})
        return
    if pending is not None and pending.username:
        assign(user, {"username": pending.username})
        if not is_taken(user):
            return
    assign(user, {"username": f"user-{secrets.token_hex(6)}"})


def _save_new(user: Any, *, address: Mapping[str, Any] | None = None) -> Any:
    with transaction.atomic():
        save_named(user)
        if address is not None:
            Address.objects.create(**{**address, "user": user, "is_default": True})
        account_created.announce(user=str(user.pk))
    return user
