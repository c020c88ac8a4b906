"""Shapes of reviews and likes. What people wrote is plain text: whoever shows it escapes it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import cached_property
from rest_framework import serializers

from shopkit.catalog.api.serializers import CardOutput
from shopkit.core.api.fields import KeyField
from shopkit.reviews.authors import author_name
from shopkit.reviews.conf import LONGEST_TEXT
from shopkit.reviews.models import LONGEST_TITLE, MOST_STARS, Like, Review
from shopkit.reviews.services.moderating import FACTS


class ReviewInput(serializers.Serializer[Any]):
    """What an author says; the product stands in the path and never changes."""

    rating = serializers.IntegerField(
        min_value=1,
        max_value=MOST_STARS,
        required=False,
        allow_null=True,
        help_text="Stars; without them it is a comment, where the site allows that.",
    )
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    text = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="Plain text."
    )


class ProductReviewInput(ReviewInput):
    """The same with its product, for the endpoint that stands alone."""

    product = KeyField()


class ReviewChangeInput(ReviewInput):
    """What its author changes, and what staff decide."""

    status = serializers.ChoiceField(
        choices=sorted(FACTS), required=False, help_text="For staff; ignored of others."
    )
    reason = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        help_text="For staff, with the status: why. Its author does not read it.",
    )


class ReviewOutput(serializers.Serializer[Review]):
    """A review. ``author`` is a name to show, never an e-mail address or a phone number."""

    id = serializers.IntegerField()
    product = serializers.IntegerField(source="product_id", help_text="The product's id.")
    author = serializers.SerializerMethodField()
    rating = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    text = serializers.CharField()
    verified = serializers.BooleanField(help_text="Its author had bought the product.")
    status = serializers.ChoiceField(choices=Review.Status.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_author(self, review: Review) -> str:
        """Return the name in the reader's language."""
        return author_name(review.user)


class LikeOutput(serializers.Serializer[Like]):
    """A product that one likes; the context has the cards by key."""

    product = CardOutput()
    created_at = serializers.DateTimeField()

    def to_representation(self, like: Like) -> dict[str, Any]:
        """Return the product's card, and since when."""
        cards: Mapping[int, Any] = self.context["cards"]
        card = self.card.to_representation(cards[like.product_id])
        return {"product": {**card, "is_liked": True}, "created_at": like.created_at}

    @cached_property
    def card(self) -> CardOutput:
        """What shows all products of one answer."""
        return CardOutput(context=self.context)
