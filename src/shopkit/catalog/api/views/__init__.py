"""Views of the catalogue, by subject."""

from .attributes import (
    AttributeListView,
    AttributeValueListView,
    AttributeValueView,
    AttributeView,
)
from .categories import CategoryListView, CategoryView
from .images import ImageView, ProductImagesView
from .products import (
    GenerateVariantsView,
    ProductListView,
    ProductRelatedView,
    ProductVariantsView,
    ProductView,
    VariantView,
)
from .search import SuggestView
from .translations import (
    AttributeTranslationsView,
    AttributeValueTranslationsView,
    CategoryTranslationsView,
    ProductTranslationsView,
    ProductTypeTranslationsView,
)
from .types import ProductTypeListView, ProductTypeView

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
    "GenerateVariantsView",
    "ImageView",
    "ProductImagesView",
    "ProductListView",
    "ProductRelatedView",
    "ProductTranslationsView",
    "ProductTypeListView",
    "ProductTypeTranslationsView",
    "ProductTypeView",
    "ProductVariantsView",
    "ProductView",
    "SuggestView",
    "VariantView",
]
