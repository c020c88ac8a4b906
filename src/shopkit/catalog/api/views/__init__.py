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
from .translations import (
    AttributeTranslationsView,
    AttributeValueTranslationsView,
    CategoryTranslationsView,
    ProductTranslationsView,
)

__all__ = [
    "AttributeListView",
    "AttributeTranslationsView",
    "AttributeValueListView",
    "AttributeValueTranslationsView",
    "AttributeValueView",
    "AttributeView",
    "CategoryListView",
    "CategoryTranslationsView",
    "CategoryView",
    "ProductListView",
    "ProductRelatedView",
    "ProductTranslationsView",
    "ProductVariantsView",
    "ProductView",
    "VariantView",
]
