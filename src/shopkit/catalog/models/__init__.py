"""Tables of the catalogue."""

from .attributes import (
    Attribute,
    AttributeValue,
    ProductAttributeValue,
    VariantAttributeValue,
)
from .categories import Category
from .facets import FacetChange
from .products import Image, Listing, ListingCount, Product, Variant

__all__ = [
    "Attribute",
    "AttributeValue",
    "Category",
    "FacetChange",
    "Image",
    "Listing",
    "ListingCount",
    "Product",
    "ProductAttributeValue",
    "Variant",
    "VariantAttributeValue",
]
