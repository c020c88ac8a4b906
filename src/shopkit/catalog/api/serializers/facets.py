"""Facets as everybody sees them."""

from typing import Any

from rest_framework import serializers

from shopkit.catalog.models import Attribute
from shopkit.catalog.services.facets import AttributeCounts, Facets, PriceCounts
from shopkit.core.api.fields import MoneyOutput

from .products import Shown


class CategoryFacetOutput(serializers.Serializer[Any]):
    """A category: a chosen one or a child of one, a root when none is chosen."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class ValueFacetOutput(serializers.Serializer[Any]):
    """A value; ``value`` is what ``attr`` takes, ``label`` is it in the reader's language."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # hides Field.label
    colour = serializers.CharField()
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class AttributeFacetOutput(serializers.Serializer[Any]):
    """An attribute with its values, at most as many as the shop shows of one."""

    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=Attribute.Type.choices)
    unit = serializers.CharField()
    values = ValueFacetOutput(many=True)
    has_more = serializers.BooleanField(help_text="There are values that are not shown.")


class RangeFacetOutput(serializers.Serializer[Any]):
    """Prices from ``min`` to ``max``, both included."""

    min = MoneyOutput()
    max = MoneyOutput()
    count = serializers.IntegerField()


class PriceFacetOutput(serializers.Serializer[Any]):
    """The lowest and the highest price, null when there is no product, and ranges between."""

    min = MoneyOutput(allow_null=True)
    max = MoneyOutput(allow_null=True)
    ranges = RangeFacetOutput(many=True)


class RatingFacetOutput(serializers.Serializer[Any]):
    """Products that are rated as well, or better."""

    min_rating = serializers.IntegerField()
    count = serializers.IntegerField()


class YesNoFacetOutput(serializers.Serializer[Any]):
    """Products that are, and products that are not."""

    true = serializers.IntegerField()
    false = serializers.IntegerField()


class FacetsOutput(Shown):
    """How many products each further choice would leave; only the groups that were asked for.

    A count goes by everything that is chosen but in its own group.
    """

    categories = CategoryFacetOutput(many=True, required=False)
    attributes = AttributeFacetOutput(many=True, required=False)
    price = PriceFacetOutput(required=False)
    rating = RatingFacetOutput(many=True, required=False)
    in_stock = YesNoFacetOutput(required=False)
    on_sale = YesNoFacetOutput(required=False)

    def to_representation(self, facets: Facets) -> dict[str, Any]:
        """Return the counts."""
        shown: dict[str, Any] = {}
        if facets.categories is not None:
            shown["categories"] = [
                self.crumb(*one[:4]) | {"count": one.products, "selected": one.is_chosen}
                for one in facets.categories
            ]
        if facets.attributes is not None:
            shown["attributes"] = [self.attribute_of(one) for one in facets.attributes]
        if facets.price is not None:
            shown["price"] = self.prices_of(facets.price)
        if facets.rating is not None:
            shown["rating"] = [
                {"min_rating": stars, "count": count} for stars, count in facets.rating.items()
            ]
        for name in ("in_stock", "on_sale"):
            if (pair := getattr(facets, name)) is not None:
                shown[name] = dict(zip(("true", "false"), pair, strict=True))
        return shown

    def attribute_of(self, attribute: AttributeCounts) -> dict[str, Any]:
        """Return an attribute."""
        return {
            "code": attribute.code,
            "name": self.text(attribute.name, attribute.translations),
            "type": attribute.type,
            "unit": attribute.unit,
            "values": [
                {
                    "value": one.value,
                    "label": self.text(one.value, one.translations, "value"),
                    "colour": one.colour,
                    "count": one.products,
                    "selected": one.is_chosen,
                }
                for one in attribute.values
            ],
            "has_more": attribute.has_more,
        }

    def prices_of(self, price: PriceCounts) -> dict[str, Any]:
        """Return the prices."""
        return {
            "min": self.money(price.lowest),
            "max": self.money(price.highest),
            "ranges": [
                {"min": self.money(low), "max": self.money(high), "count": count}
                for low, high, count in price.ranges
            ],
        }
