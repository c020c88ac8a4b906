"""Ratings and likes of products are what the rows say: after every change, at any moment.

The product's row is the lock of all its reviews and likes. Who changes one holds it first, reads
the row then, and adds the difference. Locks are taken in one order: the author, then products by
key; so two writers wait for each other and cannot deadlock.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from shopkit.catalog.models import Product
from shopkit.catalog.services.opinions import change_rating, lock_products, write_opinions
from shopkit.core.errors import NotSignedIn
from shopkit.reviews.models import Like, Review

BATCH = 500


def lock_author(user: Any) -> None:
    """Hold what one user writes; who deletes the user waits, or has done so already.

    Raises NotSignedIn when the user is gone.
    """
    rows = get_user_model()._base_manager.filter(pk=user.pk).order_by()
    # The weaker lock: whatever else points at the user can still be inserted.
    if not rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True):
        raise NotSignedIn


def lock_product(product: int) -> None:
    """Hold the reviews and likes of one product. Raises Product.DoesNotExist."""
    if not lock_products([product]):
        raise Product.DoesNotExist


def locked_review(pk: int) -> Review:
    """Return the review as it is while its product is held. Raises Review.DoesNotExist."""
    product = Review.objects.values_list("product_id", flat=True).get(pk=pk)
    lock_products([product])
    return Review.objects.select_related("user").get(pk=pk)


def follow(product: int, *, before: Review | None, after: Review | None) -> None:
    """Let the product's rating follow a change of one review; None is a review that is not."""
    was_count, was_stars = _part_of(before)
    count, stars = _part_of(after)
    if (count, stars) != (was_count, was_stars):
        change_rating(product, count=count - was_count, total=stars - was_stars)


def recount(products: Collection[int]) -> None:
    """Work the ratings and likes of ``products`` (keys) out anew, after writes by hand."""
    keys = sorted(set(products))
    for first in range(0, len(keys), BATCH):
        with transaction.atomic():
            write_counts(lock_products(keys[first : first + BATCH]))


def write_counts(locked: Collection[int]) -> None:
    """Write what the rows come to for products that are held, in two statements."""
    rated, liked = Review.objects.counted(), Like.objects.all()
    write_opinions(
        locked,
        count=_of_product(rated, Count("pk")),
        total=_of_product(rated, Sum("rating")),
        likes=_of_product(liked, Count("pk")),
    )


def _of_product(rows: QuerySet[Any], what: Any) -> Any:
    own = rows.filter(product=OuterRef("pk")).order_by().values("product")
    return Coalesce(Subquery(own.annotate(tally=what).values("tally")), Value(0))


def _part_of(review: Review | None) -> tuple[int, int]:
    """Return what a review adds to the number of ratings and to their sum."""
    if review is None or review.rating is None or review.status != Review.Status.PUBLISHED:
        return 0, 0
    return 1, review.rating
