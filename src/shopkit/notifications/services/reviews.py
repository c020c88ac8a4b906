"""What is told about reviews. Imported only where shopkit.reviews is installed."""

from collections.abc import Mapping

from shopkit.notifications.recipients import of_staff, of_user
from shopkit.reviews.models import Review

from .tell import News, tell

KIND_OF: Mapping[str, str] = {
    Review.Status.PUBLISHED.value: "review_published",
    Review.Status.REJECTED.value: "review_rejected",
}


def tell_waiting(review_id: int) -> None:
    """Tell the staff that a review waits; once for each, however often its author changes it.

    Says of which product and with how many stars. What somebody wrote is read in the admin: a chat
    keeps what it was told.
    """
    waiting = Review.objects.waiting().select_related("product")
    review = waiting.filter(pk=review_id).first()
    if review is None:
        return
    params = {"product": review.product.name, "rating": "★" * (review.rating or 0)}
    news = News(
        kind="staff_review_waiting",
        key=str(review.pk),
        about=f"product_review:{review.pk}",
        params=params,
        at=review.updated_at,
    )
    tell(news, of_staff())


def tell_decided(review_id: int) -> None:
    """Tell the author what staff decided; not what was published by itself."""
    rows = Review.objects.select_related("product", "user")
    review = rows.filter(pk=review_id).exclude(moderated_at=None).first()
    kind = "" if review is None else KIND_OF.get(review.status, "")
    if review is None or not kind or not review.user.is_active:
        return
    news = News(
        kind=kind,
        key=f"{review.pk}:{review.moderated_at:%Y%m%d%H%M%S%f}",
        about=f"product_review:{review.pk}",
        params={"product": review.product.name},
        at=review.moderated_at,
    )
    tell(news, [of_user(review.user)])
