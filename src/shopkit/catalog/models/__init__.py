"""Tables of the catalogue."""

from .attributes import (
    Attribute,
    AttributeValue,
    ProductAttributeValue,
    VariantAttributeValue,
)
from .categories import Category
from .imports import ImportMessage, ImportRun
from .products import Image, Listing, ListingCount, Product, Variant

__all__ = [
    "Attribute",
    "AttributeValue",
    "Category",
    "Image",
    "ImportMessage",
    "ImportRun",
    "Listing",
    "ListingCount",
    "Product",
    "ProductAttributeValue",
    "Variant",
    "VariantAttributeValue",
]
