"""Views of the catalogue, by subject."""

from .attributes import (
    AttributeListView,
    AttributeValueListView,
    AttributeValueView,
    AttributeView,
)
from .categories import CategoryListView, CategoryView
from .products import (
    GenerateVariantsView,
    ProductListView,
    ProductVariantsView,
    ProductView,
    VariantView,
)
from .types import ProductTypeListView, ProductTypeView

__all__ = [
    "AttributeListView",
    "AttributeValueListView",
    "AttributeValueView",
    "AttributeView",
    "CategoryListView",
    "CategoryView",
    "GenerateVariantsView",
    "ProductListView",
    "ProductTypeListView",
    "ProductTypeView",
    "ProductVariantsView",
    "ProductView",
    "VariantView",
]
