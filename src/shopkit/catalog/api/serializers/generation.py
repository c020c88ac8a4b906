"""Variants made of combinations: in and out."""

from typing import Any

from rest_framework import serializers

from shopkit.catalog.services.attribution import MOST_ATTRIBUTES
from shopkit.catalog.services.generation import LONGEST_PATTERN
from shopkit.core.api.fields import MoneyInput

from .inputs import LARGEST, AttributeTextInput
from .products import VariantOutput

MOST_VALUES = 250


class ChoicesInput(serializers.DictField):
    """``{"colour": ["Red", "Blue"], "memory": [8, 16]}``."""

    child = serializers.ListField(
        child=AttributeTextInput(max_length=200), allow_empty=False, max_length=MOST_VALUES
    )


class GenerationInput(serializers.Serializer[Any]):
    """Values whose combinations become variants, and what all of these have in common."""

    choices = ChoicesInput(help_text=f"At most {MOST_ATTRIBUTES} attributes.")
    price = MoneyInput()
    sale_price = MoneyInput(required=False, allow_null=True)
    stock = serializers.IntegerField(min_value=0, max_value=LARGEST, required=False)
    sku_pattern = serializers.CharField(
        max_length=LONGEST_PATTERN,
        required=False,
        allow_blank=True,
        help_text='"SHIRT-{colour}-{size}"; {product} and {number} are there too.',
    )


class GenerationOutput(serializers.Serializer[Any]):
    """The new variants, and how many combinations there were already."""

    made = VariantOutput(many=True)
    kept = serializers.IntegerField()
