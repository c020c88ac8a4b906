"""A user's own profile."""

from typing import Any

from django.db import transaction

from shopkit.accounts.models import Profile

from .names import assign, save_named


def profile_of(user: Any) -> Profile:
    """Return the profile of ``user``, unsaved when there is none yet."""
    return Profile.objects.filter(user=user).first() or Profile(user=user)


def change_profile(user: Any, *, language: str | None = None, **names: str) -> Profile:
    """Change what is given and return the profile.

    language -- one of conf.LANGUAGES, or "" for the site's default
    names -- ``username``, ``first_name``, ``last_name``

    Raises ValidationError by member, code "username_taken" among others; nothing has changed then.
    """
    columns = assign(user, names)
    with transaction.atomic():
        if "username" in names:
            save_named(user, update_fields=columns)
        elif columns:
            user.save(update_fields=columns)
        if language is not None:
            Profile.objects.update_or_create(user=user, defaults={"language": language})
    profile = profile_of(user)
    profile.user = user
    return profile
