"""What staff do with the reviews of others: show them or not. The words stay the author's."""

from copy import copy
from typing import Any

from django.utils import timezone

from shopkit.core.transactions import whole_transaction
from shopkit.reviews.facts import review_published, review_rejected
from shopkit.reviews.models import Review

from .tallies import follow, locked_review

FACTS = {
    Review.Status.PUBLISHED.value: review_published,
    Review.Status.REJECTED.value: review_rejected,
}


@whole_transaction
def moderate_review(
    pk: int, *, status: str, actor: Any = None, reason: str | None = None
) -> Review:
    """Publish a review or reject it; the product's rating follows. The same again changes nothing.

    status -- "published" or "rejected"
    reason -- for the staff; the author does not read it. None: of a new decision none is given,
        an old one keeps its own

    Returns the review as it stands. Raises ValueError for another status, Review.DoesNotExist.
    Announces ``review_published`` or ``review_rejected``.
    """
    fact = FACTS.get(status)
    if fact is None:
        raise ValueError('status must be "published" or "rejected".')
    review = locked_review(pk)
    if review.status == status:
        if reason not in {None, review.reason}:
            review.reason = str(reason)
            review.save(update_fields=["reason"])
    else:
        before = copy(review)
        review.status, review.reason = status, reason or ""
        review.moderated_by, review.moderated_at = actor, timezone.now()
        review.save(update_fields=["status", "reason", "moderated_by", "moderated_at"])
        follow(review.product_id, before=before, after=review)
        fact.announce(review_id=pk)
    return review
