"""A user's photo."""

from typing import Any

from django.core.files.base import File
from django.db import transaction

from shopkit.accounts.models import Profile
from shopkit.core.images import clean_image

LONGEST_SIDE = 1024


def set_photo(user: Any, *, file: "File[Any]") -> Profile:
    """Give ``user`` a photo and return the profile. The old file goes once the change is stored.

    The picture is decoded and written before any row is locked.

    Raises ValidationError for "photo"; see ``shopkit.core.images.clean_image``.
    """
    image = clean_image(file, longest_side=LONGEST_SIDE, member="photo")
    field = Profile._meta.get_field("photo")
    name = field.storage.save(field.generate_filename(Profile(), image.name or ""), image)
    try:
        return _change(user, name)
    except BaseException:
        field.storage.delete(name)
        raise


def remove_photo(user: Any) -> None:
    """Take the photo of ``user`` away, if there is one."""
    _change(user, "")


def forget_photo(profile: Profile, *, using: str) -> None:
    """Remove the file of a profile that is being deleted, once that is stored.

    using -- alias of the database that it is deleted from
    """
    name, storage = profile.photo.name, profile.photo.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name), using=using, robust=True)


def _change(user: Any, name: str) -> Profile:
    with transaction.atomic():
        Profile.objects.get_or_create(user=user)
        profile = Profile.objects.select_for_update().get(user=user)
        old = profile.photo.name
        profile.photo = name
        profile.save(update_fields=["photo"])
        if old:
            # Robust: a storage that is away leaves a file behind, and must not fail the change.
            storage = profile.photo.storage
            transaction.on_commit(lambda: storage.delete(old), robust=True)
    return profile
