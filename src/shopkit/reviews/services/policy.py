"""Who may say what: the site's rules, and the house's own."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ExpressionWrapper, F, fields
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.catalog.models import Product
from shopkit.core.backends import load_callable
from shopkit.core.rates import Rate, rates
from shopkit.core.text import is_storable
from shopkit.reviews.conf import reviews_settings
from shopkit.reviews.errors import PurchaseRequired, TooManyReviews
from shopkit.reviews.models import LONGEST_TITLE, MOST_STARS, Review, Withdrawal

Errors = dict[str, ValidationError]


def check_words(*, rating: int | None, title: str, text: str) -> None:
    """Raise ValidationError naming each member that cannot stay so."""
    settings = reviews_settings()
    wrong: Errors = {}
    if rating is None and settings.RATING_REQUIRED:
        wrong["rating"] = ValidationError(_("Give from one to five stars."), code="required")
    elif rating is not None and not 1 <= rating <= MOST_STARS:
        wrong["rating"] = ValidationError(_("Give from one to five stars."), code="invalid")
    elif rating is None and not text:
        wrong["text"] = ValidationError(_("Write something, or give a rating."), code="required")
    for name, said, most in (("title", title, LONGEST_TITLE), ("text", text, settings.MAX_TEXT)):
        if not is_storable(said):
            wrong[name] = ValidationError(_("This holds a character that is none."), code="invalid")
        elif len(said) > most:
            message = _("At most %d characters.") % most
            wrong[name] = ValidationError(message, code="max_length")
    if wrong:
        raise ValidationError(wrong)


def check_author(user: Any, product: Product, *, is_rating: bool) -> bool:
    """Return whether the review of ``user`` is a buyer's.

    is_rating -- whether it gives stars for the first time; comments are not asked about

    Raises PurchaseRequired when the site does not let ``user`` rate the product.
    """
    settings = reviews_settings()
    is_buyer = settings.VERIFIED is not None and _asked(settings.VERIFIED, user, product)
    if is_rating and settings.CAN_REVIEW is not None:
        is_same = settings.CAN_REVIEW == settings.VERIFIED
        if not (is_buyer if is_same else _asked(settings.CAN_REVIEW, user, product)):
            raise PurchaseRequired
    return is_buyer


def check_budget(user: Any) -> None:
    """Raise TooManyReviews when ``user``, whose row is locked, has written too much lately."""
    for rate in rates(reviews_settings().PER_USER):
        left = _seconds_left(user, rate)
        if left:
            raise TooManyReviews(retry_after=left)


def first_status(user: Any) -> str:
    """Return the status of what the user of this key writes now."""
    mode = reviews_settings().MODERATION
    if mode == "all" or Withdrawal.objects.filter(user=user, was_rejected=True).exists():
        return Review.Status.PENDING
    if mode == "none" or Review.objects.published().filter(user=user).exists():
        return Review.Status.PUBLISHED
    return Review.Status.PENDING


def next_status(review: Review) -> str:
    """Return the status of a review that its author has changed: never better than before."""
    if review.status != Review.Status.PUBLISHED:
        return Review.Status.PENDING
    return first_status(review.user_id)


def _asked(path: str, user: Any, product: Product) -> bool:
    return bool(load_callable(path)(user, product))


def _seconds_left(user: Any, rate: Rate) -> int:
    """Return how long the oldest of the last so many still counts; 0 when there are fewer."""
    window = timedelta(seconds=rate.seconds)
    kept = _left(Review.objects.filter(user=user, created_at__gt=Now() - window), window)
    gone = _left(Withdrawal.objects.filter(user=user, written_at__gt=Now() - window), window)
    found = kept.union(gone, all=True).order_by("-left")[rate.most - 1 : rate.most]
    return max(1, round(found[0].total_seconds())) if found else 0


def _left(rows: Any, window: timedelta) -> Any:
    """Return for how long each of ``rows`` still counts."""
    written = "created_at" if rows.model is Review else "written_at"
    left = ExpressionWrapper(F(written) + window - Now(), output_field=fields.DurationField())
    return rows.order_by().annotate(left=left).values_list("left", flat=True)
