"""Passwords: the site's validators, forgetting one, and what a change ends."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.conf import accounts_settings
from shopkit.accounts.facts import reset_asked
from shopkit.accounts.models import AuthSession, EndReason, SignInMethod
from shopkit.otp import services as otp
from shopkit.otp.errors import InvalidCode
from shopkit.otp.services import Issued

from .changes import announce_change
from .codes import RESET, ask, channel_for
from .contacts import (
    bind_contact,
    drop_claims,
    email_of,
    hold_contact,
    is_proven,
    owner_of,
    phone_of,
    read_contact,
    user_of,
)
from .languages import language_asked
from .limits import check_own_password
from .names import normalise_username
from .second_factor import is_factor_at
from .sessions import end_sessions, open_session
from .tokens import Tokens

BY_CODE = (SignInMethod.CODE, SignInMethod.TELEGRAM, SignInMethod.TWO_CODES)


@sensitive_variables("password")
def set_password(user: Any, password: str, *, member: str) -> None:
    """Give ``user``, unsaved, a password that the site's validators accept.

    member -- what an error is filed under

    Raises ValidationError.
    """
    check_password_rules(user, password, member=member)
    user.set_password(password)


@sensitive_variables("password")
def check_password_rules(user: Any, password: str, *, member: str) -> None:
    """See that the site's validators accept ``password``. Raises ValidationError."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({member: error}) from error


@sensitive_variables("old_password", "new_password")
def change_password(
    request: HttpRequest,
    *,
    user: Any,
    new_password: str,
    old_password: str | None = None,
    session: AuthSession | None = None,
) -> Tokens:
    """Change the password of ``user``, end all sessions and begin a new one for who asks.

    old_password -- None is enough for an account without a password whose ``session`` began by a
        code within ``FRESH_CODE``

    Codes that were asked for are withdrawn, and the owner is told. Raises ValidationError for a
    wrong or missing old password or a new one that the validators refuse; nothing has changed then.
    RateLimited: tries are counted. Call it outside a transaction.
    """
    _check_old(request, user, old_password, session)
    seen = user.password
    set_password(user, new_password, member="new_password")
    with transaction.atomic():
        _replace(user, seen=seen, language=language_asked(request))
        return open_session(request, user=user, method=SignInMethod.PASSWORD)


def forget_password(request: HttpRequest, *, identifier: str) -> Issued:
    """Send a code with which a password can be set anew; the answer is the same for nobody.

    Where the second factor goes to the same mailbox or telephone, no code is sent: its owner is
    told to use another contact. The pause and the budget of a username are its own, so that nobody
    sees by them whose address it leads to.

    identifier -- a proven e-mail address or phone, where the code goes; or a username, whose code
        goes to its proven e-mail address. It cannot go anywhere else.

    Raises RateLimited.
    """
    contact = read_contact(identifier)
    name = "" if contact else normalise_username(identifier)
    user = owner_of(contact) if contact else _owner_of_name(name)
    found = contact or ("" if user is None else email_of(user))
    destination = found or name
    is_known = user is not None and user.is_active and bool(found)
    is_factor = is_factor_at(destination)
    issued = ask(
        request,
        purpose=RESET,
        channel="email" if not contact else channel_for(contact),
        destination=destination,
        user=user if is_known else None,
        payload={"is_factor": is_known and is_factor},
        is_decoy=not is_known or is_factor,
        asked_as=name,
    )
    with transaction.atomic():
        reset_asked.announce(challenge=str(issued.challenge))
    return issued


@sensitive_variables("code", "new_password")
def reset_password(*, challenge: str, code: str, new_password: str) -> None:
    """Set a password by a code; all sessions end, codes are withdrawn, the owner is told.

    What the validators say without knowing the user is said before the code is looked at; when
    they refuse it for this user, the code can be answered again.

    Raises InvalidCode; ValidationError for "new_password".
    """
    check_password_rules(None, new_password, member="new_password")
    verified = otp.verify(challenge=challenge, code=code, purpose=RESET)
    user = user_of(verified.user_ref)
    if user is None:
        raise InvalidCode
    seen = user.password
    try:
        set_password(user, new_password, member="new_password")
    except ValidationError:
        otp.give_back(verified)
        raise
    with transaction.atomic():
        hold_contact(verified.destination)
        # The address may have gone to somebody else since the code was sent.
        owner = owner_of(verified.destination)
        if owner is None or owner.pk != user.pk:
            raise InvalidCode
        if not is_proven(user, verified.destination):
            drop_claims(user, verified)
        bind_contact(user, verified.destination)
        _replace(user, seen=seen, language=verified.language)


def _check_old(
    request: HttpRequest, user: Any, old_password: str | None, session: AuthSession | None
) -> None:
    if user.has_usable_password():
        if old_password is None:
            missing = ValidationError(_("Give the old password."), code="required")
            raise ValidationError({"old_password": missing})
        check_own_password(request, user=user, password=old_password, member="old_password")
    elif session is None or not _is_fresh(session):
        stale = ValidationError(_("Sign in by a code again first."), code="fresh_code_required")
        raise ValidationError({"old_password": stale})


def _is_fresh(session: AuthSession) -> bool:
    since = accounts_settings().FRESH_CODE
    rows = AuthSession.objects.filter(pk=session.pk, method__in=BY_CODE)
    return rows.filter(created_at__gte=Now() - since).exists()


def _replace(user: Any, *, seen: str, language: str) -> None:
    """Save the new password over the one that was ``seen``, and end what stood on that.

    Hashing is slow, so it is done before the row is locked; the locked row must still be as seen.
    """
    users = get_user_model()._default_manager.select_for_update()
    if not users.filter(pk=user.pk, password=seen).values_list("pk"):
        raise _wrong_old()
    user.save(update_fields=["password"])
    end_sessions(AuthSession.objects.all().of_user(user), reason=EndReason.PASSWORD_CHANGED)
    otp.void(user_ref=str(user.pk))
    for destination in filter(None, (email_of(user), phone_of(user))):
        otp.void(destination=destination)
    announce_change(user, kind="password", language=language)


def _owner_of_name(name: str) -> Any:
    rows = get_user_model()._default_manager.filter(**{get_user_model().USERNAME_FIELD: name})
    return rows.first()


def _wrong_old() -> ValidationError:
    wrong = ValidationError(_("The old password is wrong."), code="wrong_password")
    return ValidationError({"old_password": wrong})
