"""Usernames: the field the site's user model calls so, one holder each, whatever the case."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shopkit.accounts.models import PendingRegistration, Profile
from shopkit.core.locks import hold

PUBLIC_NAMES = ("username", "first_name", "last_name", "email")


def normalise_username(text: str) -> str:
    """Return ``text`` as Django's own forms store a username: NFKC."""
    return unicodedata.normalize("NFKC", text)


def column_of(name: str) -> str:
    """Return the user model's field for one of PUBLIC_NAMES, or "" when it has none for it.

    An e-mail column that identifies people (the login itself, or unique) is none: an address
    that nobody has verified must not reserve an identity.
    """
    model = get_user_model()
    if name == "username":
        return str(model.USERNAME_FIELD)
    column = model.get_email_field_name() if name == "email" else name
    try:
        field: Any = model._meta.get_field(column)
    except FieldDoesNotExist:
        return ""
    is_identity = name == "email" and (field.unique or column == model.USERNAME_FIELD)
    return "" if is_identity else column


def assign(user: Any, values: Mapping[str, str]) -> list[str]:
    """Set public values on ``user``, unsaved; return the names of the changed columns.

    values -- {one of PUBLIC_NAMES: text}

    Raises ValidationError by public name for a text the model's field refuses, and for a member
    this site's users do not have.
    """
    columns = {name: column_of(name) for name in values}
    wrong: dict[str, Any] = {}
    for name, text in values.items():
        try:
            _assign_one(user, columns[name], text)
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)
    return list(columns.values())


def save_named(user: Any, *, update_fields: list[str] | None = None) -> None:
    """Save ``user`` under its username, if nobody else has that name in any case.

    Raises ValidationError (username, code "username_taken"); nothing is stored then.
    """
    try:
        with transaction.atomic():
            hold_username(user)
            if is_taken(user):
                raise username_taken()
            user.save(update_fields=update_fields)
            # Nobody has the name, so whoever has its key was renamed by code of the site's own.
            key = username_key(user)
            Profile.objects.filter(username_key=key).exclude(user=user).update(username_key=None)
            Profile.objects.update_or_create(user=user, defaults={"username_key": key})
    except IntegrityError as error:
        # Somebody was faster between the look and the unique constraints; or the site has
        # constraints of its own on users, which are not ours to explain.
        if is_taken(user):
            raise username_taken() from error
        raise


def follow_username(pk: Any) -> None:
    """Make the key of a user who was renamed elsewhere follow, unless somebody else has that name.

    pk -- of the user
    """
    with transaction.atomic():
        user = get_user_model()._default_manager.get(pk=pk)
        hold_username(user)
        if not is_taken(user):
            Profile.objects.filter(user=user).update(username_key=username_key(user))


def is_taken(user: Any, *, except_for: str = "") -> bool:
    """Say whether somebody else has the username of ``user``, in any case, or is waiting for it.

    The look at the users finds those that Django or the site made, the key those that only
    Python knows to be alike (SQLite folds Latin letters only).

    except_for -- destination whose registration in waiting does not count
    """
    users = get_user_model()._default_manager.filter(
        **{f"{user.USERNAME_FIELD}__iexact": user.get_username()}
    )
    holders = Profile.objects.filter(username_key=username_key(user)).select_related("user")
    waiting = PendingRegistration.objects.live().filter(username_key=username_key(user))
    return (
        users.exclude(pk=user.pk).exists()
        or any(_has_name(one, user) for one in holders.exclude(user_id=user.pk))
        or waiting.exclude(destination=except_for).exists()
    )


def _has_name(holder: Profile, user: Any) -> bool:
    """Say whether the holder of a key still has the name, or the site's own code renamed him."""
    return username_key(holder.user) == username_key(user)


def hold_username(user: Any) -> None:
    """Let nobody else take or reserve this username until the transaction ends.

    Users and registrations in waiting are two tables, so no one constraint sees both.
    """
    hold(f"accounts:username:{username_key(user)}")


def _assign_one(user: Any, column: str, text: str) -> None:
    if not column:
        raise ValidationError(_("Users of this site have no such member."), code="unknown_member")
    if column == user.USERNAME_FIELD:
        text = normalise_username(text)
    setattr(user, column, user._meta.get_field(column).clean(text, user))


def username_key(user: Any) -> str:
    """Return the username of ``user`` without case."""
    return normalise_username(user.get_username()).casefold()


def username_taken() -> ValidationError:
    """Return the refusal of a taken username."""
    wrong = ValidationError(_("This username is taken."), code="username_taken")
    return ValidationError({"username": wrong})
