"""Which reviews a caller may see, and which are his to change."""

from typing import Any

from shopkit.core.api.permissions import is_staff
from shopkit.reviews.models import Review, ReviewQuerySet

STAFF_MAY_LOOK = "shopkit_reviews.view_review"
STAFF_MAY_DECIDE = "shopkit_reviews.change_review"
STAFF_MAY_DELETE = "shopkit_reviews.delete_review"


def reviews_of(user: Any) -> ReviewQuerySet:
    """Return what the caller may see: what is published and his own, or all for staff."""
    rows = Review.objects.select_related("user")
    if any(is_staff(user, one) for one in (STAFF_MAY_LOOK, STAFF_MAY_DECIDE, STAFF_MAY_DELETE)):
        return rows
    return rows.visible_to(user)


def is_author(user: Any, review: Review) -> bool:
    """Say whether the review is the caller's own."""
    return bool(user.is_authenticated and review.user_id == user.pk)
