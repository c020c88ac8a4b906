"""What customers think of a product, as its row repeats it: ratings and likes.

Who keeps the opinions themselves (``shopkit.reviews``) writes here, in the transaction that changes
them. Each call is right by itself: numbers are added in the database, never read first.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from shopkit.catalog.models import Product


def lock_products(products: Iterable[int]) -> list[int]:
    """Lock the rows of ``products`` (keys) in key order; return the keys of those that exist.

    Call it inside a transaction. The lock is the weaker one, as ``services.cached`` takes it: rows
    that point at a product can still be inserted.
    """
    rows = Product.objects.filter(pk__in=set(products)).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def change_rating(product: int, *, count: int, total: int) -> None:
    """Add to the number of ratings of a product and to their sum; the average follows.

    The average is kept in hundredths of a star, rounded half up.
    """
    ratings, stars = F("rating_count") + count, F("rating_sum") + total
    Product.objects.filter(pk=product).update(
        rating_count=ratings, rating_sum=stars, rating_avg=_average(stars, ratings)
    )


def change_likes(product: int, *, by: int) -> None:
    """Add to the number of users who like a product."""
    Product.objects.filter(pk=product).update(likes_count=F("likes_count") + by)


def write_opinions(products: Collection[int], *, count: Any, total: Any, likes: Any) -> None:
    """Write the numbers of ``products`` (keys) anew, in two statements however many they are.

    Call it inside a transaction that holds ``lock_products`` of them.

    count, total, likes -- expressions over a product's row, whole numbers
    """
    rows = Product.objects.filter(pk__in=products)
    rows.update(rating_count=count, rating_sum=total, likes_count=likes)
    rows.update(rating_avg=_average(F("rating_sum"), F("rating_count")))


def wrong_averages() -> QuerySet[Product]:
    """Return the products whose average is not that of their sum and count."""
    return Product.objects.exclude(rating_avg=_average(F("rating_sum"), F("rating_count")))


def _average(total: Any, count: Any) -> Any:
    """Whole numbers all the way: floor(100 * total / count + 1/2), and 0 of nothing."""
    return Coalesce((total * 200 + count) / NullIf(count * 2, Value(0)), Value(0))
