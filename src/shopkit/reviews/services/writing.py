"""What authors do with their reviews."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from shopkit.catalog.models import Product
from shopkit.core.purge import delete_all
from shopkit.core.transactions import whole_transaction
from shopkit.reviews.errors import AlreadyReviewed
from shopkit.reviews.facts import review_published, review_submitted
from shopkit.reviews.models import Review, Withdrawal

from .policy import check_author, check_budget, check_words, first_status, next_status
from .tallies import follow, lock_author, lock_product, locked_review

WORDS = ("rating", "title", "text")
# As long as the longest budget, and long enough to try the patience of who was rejected.
KEPT = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an author says. ``rating`` is stars from 1 to 5, or None for a plain comment."""

    rating: int | None = None
    title: str = ""
    text: str = ""

    def tidied(self) -> "Words":
        """Return the same, a title in one line and no blanks around."""
        text = self.text.replace("\r\n", "\n").strip()
        return Words(rating=self.rating, title=" ".join(self.title.split()), text=text)


@whole_transaction
def create_review(product: Product, *, user: Any, words: Words) -> Review:
    """Write down what ``user`` says about ``product``; published or waiting, as the site says.

    Returns the review as it stands. Raises ValidationError, PurchaseRequired, AlreadyReviewed,
    TooManyReviews, NotSignedIn for a user who is gone, Product.DoesNotExist. Announces
    ``review_submitted``, and ``review_published`` when it is.
    """
    words = words.tidied()
    check_words(**vars(words))
    is_rating = words.rating is not None
    verified = check_author(user, product, is_rating=is_rating)
    lock_author(user)
    check_budget(user)
    lock_product(product.pk)
    if is_rating:
        _refuse_second(user.pk, product.pk)
    now = timezone.now()
    review = Review.objects.create(
        product=product,
        user=user,
        verified=verified,
        status=first_status(user.pk),
        created_at=now,
        updated_at=now,
        **vars(words),
    )
    follow(product.pk, before=None, after=review)
    _announce(review, was_published=False)
    return review


@whole_transaction
def update_review(pk: int, *, changes: Mapping[str, Any]) -> Review:
    """Change what the author says. A review that everybody reads may have to wait again for that.

    changes -- members of ``Words``; what is not named stays. The same again changes nothing

    Returns the review as it stands. Raises ValidationError, PurchaseRequired and AlreadyReviewed
    for a comment that becomes a rating, Review.DoesNotExist. Announces ``review_submitted``.
    """
    review = locked_review(pk)
    before = copy(review)
    words = Words(**{name: changes.get(name, getattr(review, name)) for name in WORDS}).tidied()
    if words == Words(**{name: getattr(review, name) for name in WORDS}):
        return review
    check_words(**vars(words))
    if before.rating is None and words.rating is not None:
        review.verified = check_author(review.user, review.product, is_rating=True)
        _refuse_second(review.user_id, review.product_id)
    for name, value in vars(words).items():
        setattr(review, name, value)
    review.status = next_status(before)
    review.updated_at = timezone.now()
    review.save(update_fields=[*WORDS, "verified", "status", "updated_at"])
    follow(review.product_id, before=before, after=review)
    _announce(review, was_published=before.status == Review.Status.PUBLISHED)
    return review


@whole_transaction
def delete_review(pk: int, *, by_author: bool = False) -> None:
    """Take a review away for good. Raises Review.DoesNotExist when it is gone already.

    by_author -- it counts in his budget all the same
    """
    review = locked_review(pk)
    Review.objects.filter(pk=pk).delete()
    if by_author:
        was_rejected = review.status == Review.Status.REJECTED
        Withdrawal.objects.create(
            user_id=review.user_id, written_at=review.created_at, was_rejected=was_rejected
        )
    follow(review.product_id, before=review, after=None)


def _refuse_second(user: Any, product: int) -> None:
    """The product is held: nobody writes another one meanwhile."""
    rated = Review.objects.filter(user=user, product=product).exclude(rating=None)
    found = rated.values_list("pk", flat=True).first()
    if found is not None:
        raise AlreadyReviewed(review_id=found)


def _announce(review: Review, *, was_published: bool) -> None:
    review_submitted.announce(review_id=review.pk)
    if review.status == Review.Status.PUBLISHED and not was_published:
        review_published.announce(review_id=review.pk)


def forget_withdrawals() -> int:
    """Delete what is known of reviews that were withdrawn longer than a month ago."""
    return delete_all(Withdrawal.objects.filter(withdrawn_at__lte=Now() - KEPT))
