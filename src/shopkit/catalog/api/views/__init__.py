"""Views of the catalogue, by subject."""

from .attributes import (
    AttributeListView,
    AttributeValueListView,
    AttributeValueView,
    AttributeView,
)
from .categories import CategoryListView, CategoryView
from .images import ImageView, ProductImagesView
from .products import ProductListView, ProductVariantsView, ProductView, VariantView

__all__ = [
    "AttributeListView",
    "AttributeValueListView",
    "AttributeValueView",
    "AttributeView",
    "CategoryListView",
    "CategoryView",
    "ImageView",
    "ProductImagesView",
    "ProductListView",
    "ProductVariantsView",
    "ProductView",
    "VariantView",
]
