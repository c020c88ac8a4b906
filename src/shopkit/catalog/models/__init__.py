"""Tables of the catalogue."""

from .attributes import (
    Attribute,
    AttributeValue,
    ProductAttributeValue,
    VariantAttributeValue,
)
from .categories import Category
from .products import Image, Listing, Product, Variant

__all__ = [
    "Attribute",
    "AttributeValue",
    "Category",
    "Image",
    "Listing",
    "Product",
    "ProductAttributeValue",
    "Variant",
    "VariantAttributeValue",
]
