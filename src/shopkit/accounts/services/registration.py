"""Making an account by username and password."""

from typing import Any

from django.contrib.auth import get_user_model
from django.views.decorators.debug import sensitive_variables

from .names import assign, save_named
from .passwords import set_password


@sensitive_variables("password")
def register(*, username: str, password: str, **contact: str) -> Any:
    """Make an account and return its user.

    contact -- optional ``first_name``, ``last_name``, ``email``. The e-mail is kept as an
        unverified contact and identifies nobody.

    Raises ValidationError by member: a name that is taken (in any case), a password that the
    site's validators refuse, a member that this site's user model does not have.
    """
    user = get_user_model()()
    assign(user, {"username": username, **{name: text for name, text in contact.items() if text}})
    set_password(user, password, member="password")
    save_named(user)
    return user
