"""Probes of what products repeat of reviews and likes."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Count, F, Sum

from shopkit.catalog.models import Product
from shopkit.catalog.services.opinions import wrong_averages
from shopkit.core.doctor import Finding, differences, probe

from .models import Like, Review
from .services import recount

DERIVED = "It is derived: run `manage.py shopkit_doctor --fix`."


@probe("reviews.ratings", remedy=DERIVED)
def ratings() -> Iterator[Finding]:
    """A product's ratings are those of its published reviews: their number, sum and average."""
    rated = Review.objects.counted().order_by().values(key=F("product_id"))
    for name, tally in (("rating_count", Count("pk")), ("rating_sum", Sum("rating"))):
        kept = Product.objects.values(key=F("pk"), tally=F(name))
        for product, is_now, right in differences(kept, rated.annotate(tally=tally)):
            yield _finding(product, f"{name} is {is_now}, should be {right}")
    for product in wrong_averages().order_by("pk").values_list("pk", flat=True).iterator():
        yield _finding(product, "rating_avg is not that of its sum and number")


@probe("reviews.likes", remedy=DERIVED)
def likes() -> Iterator[Finding]:
    """A product's likes are as many as users like it."""
    kept = Product.objects.values(key=F("pk"), tally=F("likes_count"))
    liked = Like.objects.order_by().values(key=F("product_id")).annotate(tally=Count("pk"))
    for product, is_now, right in differences(kept, liked):
        yield _finding(product, f"likes_count is {is_now}, should be {right}")


def _finding(product: int, message: str) -> Finding:
    return Finding(f"product {product}", message, fix=partial(recount, [product]))
