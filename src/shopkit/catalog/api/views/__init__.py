"""Views of the catalogue, by subject."""

from .attributes import (
    AttributeListView,
    AttributeValueListView,
    AttributeValueView,
    AttributeView,
)
from .categories import CategoryListView, CategoryView
from .products import (
    ProductListView,
    ProductRelatedView,
    ProductVariantsView,
    ProductView,
    VariantView,
)

__all__ = [
    "AttributeListView",
    "AttributeValueListView",
    "AttributeValueView",
    "AttributeView",
    "CategoryListView",
    "CategoryView",
    "ProductListView",
    "ProductRelatedView",
    "ProductVariantsView",
    "ProductView",
    "VariantView",
]
