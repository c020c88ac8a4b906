"""Categories: nodes of a tree in, nested nodes out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.catalog.models import Category
from shopkit.core.api.fields import KeyField

from .translations import TranslationsInput

LARGEST_POSITION = 2**31 - 1


class CategoryInput(serializers.Serializer[Any]):
    """A category as staff write it. Without ``slug`` one is made from the name."""

    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=120, required=False, allow_blank=True)
    parent = serializers.PrimaryKeyRelatedField(  # type: ignore[assignment] # hides Field.parent
        queryset=Category.objects.all(), pk_field=KeyField(), required=False, allow_null=True
    )
    position = serializers.IntegerField(min_value=0, max_value=LARGEST_POSITION, required=False)
    is_active = serializers.BooleanField(required=False)
    translations = TranslationsInput(required=False)


class CrumbOutput(serializers.Serializer[Any]):
    """A category as a link."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class CategoryOutput(CrumbOutput):
    """A node with all below it; the view hands the finished dict over."""

    product_count = serializers.IntegerField(help_text="Visible products in the whole branch.")
    children = serializers.SerializerMethodField()

    @extend_schema_field(
        {"type": "array", "items": {"$ref": "#/components/schemas/CategoryOutput"}}
    )
    def get_children(self, node: Any) -> Any:
        """Return the nodes below."""
        return node["children"]

    def to_representation(self, node: Any) -> Any:
        """Return the node: it has this shape already."""
        return node


class CategoryDetailOutput(CategoryOutput):
    """A node with the way to it, itself last."""

    breadcrumbs = CrumbOutput(many=True)
