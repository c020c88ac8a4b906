"""Filters of the lists of reviews."""

from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field

from shopkit.catalog.api.filters import YesNoFilter
from shopkit.catalog.models import Product
from shopkit.core.api.fields import LARGEST_KEY
from shopkit.core.api.filters import Filters, OrderingFilter
from shopkit.core.api.permissions import is_staff
from shopkit.core.errors import Forbidden, NotSignedIn
from shopkit.reviews.models import MOST_STARS, Review

from .access import STAFF_MAY_LOOK

Rows = QuerySet[Review]


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MOST_STARS})
class StarsFilter(django_filters.ChoiceFilter):
    """A whole number of stars."""

    def __init__(self, **kwargs: Any) -> None:
        stars = [(str(number), str(number)) for number in range(1, MOST_STARS + 1)]
        super().__init__(choices=stars, **kwargs)


class ReviewOrdering(OrderingFilter):
    """A comment without a rating comes after one star."""

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Order the rows."""
        if value in {"rating", "-rating"}:
            qs = qs.annotate(stars=Coalesce("rating", 0))
        ordered: Rows = super().filter(qs, value)
        return ordered


class ProductReviewFilters(Filters):
    """What the reviews of one product can be asked."""

    rating = StarsFilter(field_name="rating")
    ordering = ReviewOrdering(columns={"created_at": "created_at", "rating": "stars"})

    class Meta:
        model = Review
        fields = ()


class ReviewFilters(ProductReviewFilters):
    """What the list of all reviews can be asked besides."""

    product = django_filters.CharFilter(
        method="of_product", max_length=120, label="Id or slug of a product."
    )
    user = django_filters.CharFilter(
        method="of_user", max_length=100, label="Staff: id of an author."
    )
    mine = YesNoFilter(method="own", label="One's own, in any state.")
    status = django_filters.ChoiceFilter(choices=Review.Status.choices)

    class Meta:
        model = Review
        fields = ()

    def of_product(self, rows: Rows, _name: str, ref: str) -> Rows:
        """Keep those of one product."""
        return rows.filter(product__in=Product.objects.by_ref(ref).values("pk")[:1])

    def of_user(self, rows: Rows, name: str, key: str) -> Rows:
        """Keep those of one author; for staff, since names are all that others are told."""
        asking = getattr(self.request, "user", None)
        if not (asking and asking.is_authenticated):
            raise NotSignedIn
        if not is_staff(asking, STAFF_MAY_LOOK):
            raise Forbidden
        try:
            found = get_user_model()._meta.pk.to_python(key)
        except ValidationError:
            wrong = ValidationError(_("There is no such user."), code="invalid")
            raise ValidationError({name: wrong}) from None
        # No database holds a larger number.
        is_too_large = isinstance(found, int) and abs(found) > LARGEST_KEY
        return rows.none() if is_too_large else rows.filter(user=found)

    def own(self, rows: Rows, _name: str, value: bool) -> Rows:  # noqa: FBT001 - given by position
        """Keep the caller's own."""
        user = getattr(self.request, "user", None)
        if not value:
            return rows
        if not (user and user.is_authenticated):
            raise NotSignedIn
        return rows.filter(user=user)
