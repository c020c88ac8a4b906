"""Signing in by password, with a second factor where the account has one."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.conf import IDENTIFIERS, accounts_settings
from shopkit.accounts.errors import InvalidCredentials, NotVerified
from shopkit.accounts.models import SignInMethod
from shopkit.otp.services import Issued

from .contacts import is_named_by_email, owner_of, read_contact
from .limits import count_login, forget_logins
from .names import normalise_username
from .second_factor import BY_PASSWORD, let_in
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
    address is still to be proven; RateLimited; as ``let_in`` does.
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
    return let_in(request, user=user, proved=BY_PASSWORD, method=SignInMethod.PASSWORD)


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
