"""News of reviews; connected where shopkit.reviews is installed."""

from shopkit.notifications.services import reviews
from shopkit.reviews.facts import review_published, review_rejected, review_submitted


@review_submitted.subscribe
def tell_waiting(review_id: int) -> None:
    """Tell the staff that a review waits for them."""
    reviews.tell_waiting(review_id)


@review_published.subscribe
def tell_published(review_id: int) -> None:
    """Tell the author that staff published the review."""
    reviews.tell_decided(review_id)


@review_rejected.subscribe
def tell_rejected(review_id: int) -> None:
    """Tell the author that staff did not."""
    reviews.tell_decided(review_id)
