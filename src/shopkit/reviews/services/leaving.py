"""A user's reviews and likes are his: they go when his account goes."""

from typing import Any

from django.db import transaction

from shopkit.catalog.services.opinions import lock_products
from shopkit.core.errors import NotSignedIn
from shopkit.reviews.models import Like, Review

from .tallies import BATCH, lock_author, write_counts


def forget_user(user: Any) -> None:
    """Delete what ``user`` wrote and liked; ratings and likes of those products follow.

    What he is writing in this moment is waited for, and what he would write after that is refused.
    """
    with transaction.atomic():
        try:
            lock_author(user)
        except NotSignedIn:
            return
        own = Review.objects.filter(user=user.pk), Like.objects.filter(user=user.pk)
        keys = sorted({key for rows in own for key in rows.values_list("product_id", flat=True)})
        locked = lock_products(keys)
        for rows in own:
            rows.delete()
        for first in range(0, len(locked), BATCH):
            write_counts(locked[first : first + BATCH])
