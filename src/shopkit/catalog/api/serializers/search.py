"""What is shown while somebody types."""

from typing import Any

from rest_framework import serializers

from shopkit.catalog.services.suggestions import Suggestions

from .categories import CrumbOutput
from .products import CardOutput, PictureOutput


class SuggestedProductOutput(CardOutput):
    """A product as a line under the box that one types in; the object is a card."""

    def get_fields(self) -> dict[str, Any]:
        """Leave out what belongs to a card alone."""
        return {
            "id": serializers.IntegerField(),
            "slug": serializers.CharField(),
            "name": serializers.CharField(),
            "image": PictureOutput(allow_null=True),
        }

    def to_representation(self, row: Any) -> dict[str, Any]:
        """Return the line."""
        return {
            "id": row.pk,
            "slug": row.slug,
            "name": self.text(row.name, row.translations),
            "image": self.primary_picture_of(row),
        }


class SuggestionsOutput(serializers.Serializer[Any]):
    """At most ten of both together, each list best first; the object is ``Suggestions``."""

    products = SuggestedProductOutput(many=True)
    categories = CrumbOutput(many=True)

    def to_representation(self, found: Suggestions) -> dict[str, Any]:
        """Return both lists."""
        one = SuggestedProductOutput()
        return {
            "products": [one.to_representation(row) for row in found.products],
            "categories": [
                one.crumb(each.pk, each.slug, each.name, each.translations)
                for each in found.categories
            ],
        }
