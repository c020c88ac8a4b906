"""The inbox: looking at what one was told."""

from typing import Any

from django.db.models.functions import Now

from shopkit.notifications.models import Notification


def read_one(user: Any, *, pk: int) -> Notification:
    """Mark one notification of ``user`` as read, and return it; again changes nothing.

    Raises Notification.DoesNotExist for one that is not his.
    """
    own = Notification.objects.of_user(user).filter(pk=pk)
    own.unread().update(read_at=Now())
    return own.select_related("event").get()


def read_all(user: Any) -> int:
    """Mark everything in the inbox of ``user`` as read; return how many were not."""
    return Notification.objects.of_user(user).unread().update(read_at=Now())
