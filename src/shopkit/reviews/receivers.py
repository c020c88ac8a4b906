"""What reviews do when a user is deleted: by the site, in the admin or from a shell."""

from typing import Any

from django.conf import settings
from django.db.models.signals import pre_delete

from .services import forget_user


def forget_who_leaves(instance: Any, **_: Any) -> None:
    """Take along what the user wrote and liked, while the products' numbers can still follow."""
    forget_user(instance)


def connect() -> None:
    """Listen; called once by the app's ``ready``."""
    pre_delete.connect(
        forget_who_leaves, sender=settings.AUTH_USER_MODEL, dispatch_uid="shopkit.reviews"
    )
