"""Views of the catalogue, by subject."""

from .attributes import (
    AttributeListView,
    AttributeValueListView,
    AttributeValueView,
    AttributeView,
)
from .categories import CategoryListView, CategoryView
from .products import ProductListView, ProductVariantsView, ProductView, VariantView
from .search import SuggestView

__all__ = [
    "AttributeListView",
    "AttributeValueListView",
    "AttributeValueView",
    "AttributeView",
    "CategoryListView",
    "CategoryView",
    "ProductListView",
    "ProductVariantsView",
    "ProductView",
    "SuggestView",
    "VariantView",
]
