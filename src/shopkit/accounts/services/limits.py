"""How many passwords may be tried, counted in the database before one is looked at."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.conf import accounts_settings
from shopkit.accounts.models import AuthSession
from shopkit.core.errors import RateLimited
from shopkit.core.limits import client_address
from shopkit.otp.services import unlock
from shopkit.otp.services.budgets import Purse, purses, spend


def count_login(request: HttpRequest, *, name: str, user_key: Any) -> None:
    """Count one password tried for ``name``, committed before this returns.

    The address of who asks pays first, then the name. A name whose budget is used up still has
    one per address that its account was signed in from before, so a stranger's guesses keep nobody
    from his own telephone; and codes are counted apart. Known and unknown names cost the same.

    user_key -- the user's primary key, None for nobody

    Raises RateLimited.
    """
    address = client_address(request)
    settings = accounts_settings()
    with transaction.atomic(durable=True):
        wait = spend(purses("logins", address, settings.LOGINS_PER_ADDRESS))
        if not wait:
            wait = spend(purses("logins_of_name", name_key(name), settings.LOGINS_PER_NAME))
            if wait and _was_here(user_key, address):
                wait = spend(_pair(name, address))
    if wait:
        raise RateLimited(retry_after=wait)


def forget_logins(request: HttpRequest, *, name: str) -> None:
    """Give ``name`` its budgets back: whoever was right is not made to wait next time."""
    unlock(key=name_key(name))
    unlock(key=_pair_key(name, client_address(request)))


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


def name_key(name: str) -> str:
    """Return what a name is counted under: names are personal, counters are not."""
    return hashlib.sha256(name.casefold().encode()).hexdigest()


def _pair(name: str, address: str) -> list[Purse]:
    budget = accounts_settings().LOGINS_PER_PAIR
    return purses("logins_of_pair", _pair_key(name, address), budget)


def _pair_key(name: str, address: str) -> str:
    return name_key(f"{address} {name}")


def _was_here(user_key: Any, address: str) -> bool:
    if user_key is None or not address:
        return False
    return AuthSession.objects.filter(user=user_key, address=address).exists()
