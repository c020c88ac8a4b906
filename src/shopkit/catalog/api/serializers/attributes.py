"""Attributes and values: in and out."""

from typing import Any

from django.utils.functional import cached_property
from rest_framework import serializers

from shopkit.catalog.models import Attribute
from shopkit.catalog.translation import reading_language

from .translations import TranslationsInput

LARGEST_POSITION = 2**31 - 1


class AttributeChangeInput(serializers.Serializer[Any]):
    """What of an attribute can be changed: all but its code."""

    name = serializers.CharField(max_length=100)
    type = serializers.ChoiceField(choices=Attribute.Type.choices, required=False)
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    is_variant = serializers.BooleanField(required=False)
    is_filterable = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=LARGEST_POSITION, required=False)
    translations = TranslationsInput(required=False)


class AttributeInput(AttributeChangeInput):
    """A new attribute."""

    code = serializers.SlugField(max_length=50)


class ValueInput(serializers.Serializer[Any]):
    """A value: text, number or "true"/"false", as the attribute's type says."""

    value = serializers.CharField(max_length=200)
    colour = serializers.RegexField(
        r"^#[0-9a-fA-F]{6}$", required=False, allow_blank=True, help_text="#rrggbb"
    )
    position = serializers.IntegerField(min_value=0, max_value=LARGEST_POSITION, required=False)
    translations = TranslationsInput(required=False)


class ValueChangeInput(ValueInput):
    """The same; PATCH takes any part of it."""


class _Read(serializers.Serializer[Any]):
    """The languages of the reader are looked up once for all rows of an answer."""

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the reader's languages."""
        return reading_language()


class ValueOutput(_Read):
    """A value; ``label`` is it in the reader's language, ``value`` is what filters take."""

    id = serializers.IntegerField(source="pk")
    value = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment] # hides Field.label
    colour = serializers.CharField()
    position = serializers.IntegerField()

    def get_label(self, value: Any) -> str:
        """Return the value in the reader's language."""
        return str(value.text("value", self.languages))


class AttributeOutput(_Read):
    """An attribute; ``values`` are those of choices and colours, which are chosen from a list."""

    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    type = serializers.ChoiceField(choices=Attribute.Type.choices)
    unit = serializers.CharField()
    is_variant = serializers.BooleanField()
    is_filterable = serializers.BooleanField()
    position = serializers.IntegerField()
    values = ValueOutput(many=True, source="listed_values")

    def get_name(self, attribute: Any) -> str:
        """Return the name in the reader's language."""
        return str(attribute.text("name", self.languages))
