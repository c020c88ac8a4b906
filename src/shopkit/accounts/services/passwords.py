"""Passwords: the site's validators, and what a change ends."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.models import AuthSession, EndReason

from .sessions import end_sessions, open_session
from .tokens import Tokens


@sensitive_variables("password")
def set_password(user: Any, password: str, *, member: str) -> None:
    """Give ``user``, unsaved, a password that the site's validators accept.

    member -- what an error is filed under

    Raises ValidationError.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({member: error}) from error
    user.set_password(password)


@sensitive_variables("old_password", "new_password")
def change_password(
    request: HttpRequest, *, user: Any, old_password: str, new_password: str
) -> Tokens:
    """Change the password of ``user``, end all sessions and begin a new one for who asks.

    Raises ValidationError for a wrong old password or a new one that the validators refuse;
    nothing has changed then.
    """
    if not user.check_password(old_password):
        raise _wrong_old()
    seen = user.password
    set_password(user, new_password, member="new_password")
    # Hashing is slow, so it is done before the row is locked; the locked row must still be as seen.
    users = get_user_model()._default_manager.select_for_update()
    with transaction.atomic():
        if not users.filter(pk=user.pk, password=seen).values_list("pk"):
            raise _wrong_old()
        user.save(update_fields=["password"])
        end_sessions(AuthSession.objects.all().of_user(user), reason=EndReason.PASSWORD_CHANGED)
        return open_session(request, user=user)


def _wrong_old() -> ValidationError:
    wrong = ValidationError(_("The old password is wrong."), code="wrong_password")
    return ValidationError({"old_password": wrong})
