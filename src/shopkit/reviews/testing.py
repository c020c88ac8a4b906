"""Rows for tests of sites that build on reviews."""

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

from shopkit.catalog.models import Product

from .models import Review
from .services import Words, create_review, moderate_review

_numbers = count(1)


def make_author(**fields: Any) -> Any:
    """Return a saved user of the site's user model, called Berdaq Asanov unless told otherwise."""
    model: Any = get_user_model()
    name = f"author-{next(_numbers)}"
    return model.objects.create(
        **{
            model.USERNAME_FIELD: f"{name}@example.com" if "mail" in model.USERNAME_FIELD else name,
            "first_name": "Berdaq",
            "last_name": "Asanov",
            **fields,
        }
    )


def make_review(
    product: Product,
    *,
    user: Any = None,
    rating: int | None = 5,
    text: str = "Good.",
    status: str = "published",
) -> Review:
    """Return a saved review of ``status``, of a new author unless one is given."""
    words = Words(rating=rating, text=text)
    review = create_review(product, user=user or make_author(), words=words)
    if status in {"published", "rejected"}:
        review = moderate_review(review.pk, status=status)
    return review
