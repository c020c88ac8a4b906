"""Types of products: in and out."""

from typing import Any

from rest_framework import serializers

from shopkit.catalog.models import Attribute
from shopkit.catalog.services.types import MOST_MEMBERS, Member
from shopkit.catalog.translation import translated

from .translations import TranslationsInput


class MemberInput(serializers.Serializer[Any]):
    """An attribute of a type."""

    code = serializers.SlugField(max_length=50)
    is_required = serializers.BooleanField(
        required=False, help_text="An active product, or each of its variants, must have it."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require the code in a PATCH too: the list is replaced as a whole."""
        if "code" not in attrs:
            missing = serializers.ErrorDetail(str(self.error_messages["required"]), "required")
            raise serializers.ValidationError({"code": [missing]})
        return attrs


class ProductTypeChangeInput(serializers.Serializer[Any]):
    """What of a type can be changed: all but its code. ``attributes`` replaces all of them."""

    name = serializers.CharField(max_length=100)
    attributes = serializers.ListField(
        child=MemberInput(),
        max_length=MOST_MEMBERS,
        required=False,
        help_text="In the order of the list.",
    )
    translations = TranslationsInput(required=False)

    def validate_attributes(self, given: Any) -> list[Member]:
        """Return what the service takes."""
        return [Member(**one) for one in given]


class ProductTypeInput(ProductTypeChangeInput):
    """A new type."""

    code = serializers.SlugField(max_length=50)


class NamedTypeOutput(serializers.Serializer[Any]):
    """A type by its name."""

    code = serializers.CharField()
    name = serializers.CharField()


class MemberOutput(serializers.Serializer[Any]):
    """An attribute of a type; its values stand in ``attributes/``."""

    code = serializers.CharField(source="attribute.code")
    name = serializers.SerializerMethodField()
    type = serializers.ChoiceField(source="attribute.type", choices=Attribute.Type.choices)
    unit = serializers.CharField(source="attribute.unit")
    is_variant = serializers.BooleanField(source="attribute.is_variant")
    is_required = serializers.BooleanField()

    def get_name(self, member: Any) -> str:
        """Return the attribute's name in the reader's language."""
        return translated(member.attribute.name, member.attribute.translations)


class ProductTypeOutput(serializers.Serializer[Any]):
    """A type of products with its attributes."""

    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    attributes = MemberOutput(many=True, source="listed_members")

    def get_name(self, kind: Any) -> str:
        """Return the name in the reader's language."""
        return translated(kind.name, kind.translations)
