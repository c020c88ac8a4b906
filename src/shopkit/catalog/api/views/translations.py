"""What is written in which language, for those who translate the shop."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.serializers import TranslationsOutput
from shopkit.catalog.models import Attribute, AttributeValue, Category, ProductType
from shopkit.core.api.permissions import IsStaff

from .base import CatalogView
from .products import find_product


class TranslationsView(CatalogView):
    """GET all texts of a row, for staff who may change it; PATCH of the row itself writes them."""

    permission_classes: Any = (IsStaff,)
    is_cacheable = False
    output_classes: ClassVar = {"GET": TranslationsOutput}

    def get(self, _request: Request, **ref: Any) -> Response:
        """Answer the texts in every language."""
        return self.write(self.find(**ref))

    def find(self, **ref: Any) -> Any:
        """Return the row that the URL means, or answer 404."""
        raise NotImplementedError


class ProductTranslationsView(TranslationsView):
    """The texts of a product."""

    edits = "product"

    def find(self, **ref: Any) -> Any:
        """Return the product, hidden ones included."""
        return find_product(ref["ref"])


class CategoryTranslationsView(TranslationsView):
    """The texts of a category."""

    edits = "category"

    def find(self, **ref: Any) -> Any:
        """Return the category, hidden ones included."""
        return get_object_or_404(Category.objects.by_ref(ref["slug"]))


class AttributeTranslationsView(TranslationsView):
    """The texts of an attribute."""

    edits = "attribute"

    def find(self, **ref: Any) -> Any:
        """Return the attribute."""
        return get_object_or_404(Attribute, code=ref["code"])


class AttributeValueTranslationsView(TranslationsView):
    """The texts of a value."""

    edits = "attributevalue"

    def find(self, **ref: Any) -> Any:
        """Return the value; it must be this attribute's."""
        return get_object_or_404(AttributeValue, pk=ref["pk"], attribute__code=ref["code"])


class ProductTypeTranslationsView(TranslationsView):
    """The texts of a type of products."""

    edits = "producttype"

    def find(self, **ref: Any) -> Any:
        """Return the type."""
        return get_object_or_404(ProductType, code=ref["code"])
