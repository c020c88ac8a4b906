"""Tables of the catalogue."""

from .attributes import (
    Attribute,
    AttributeValue,
    ProductAttributeValue,
    VariantAttributeValue,
)
from .categories import Category
from .facets import FacetChange
from .imports import ImportMessage, ImportRun
from .products import Image, Listing, ListingCount, Product, Variant
from .relations import RelatedProduct
from .types import ProductType, ProductTypeAttribute

__all__ = [
    "Attribute",
    "AttributeValue",
    "Category",
    "FacetChange",
    "Image",
    "ImportMessage",
    "ImportRun",
    "Listing",
    "ListingCount",
    "Product",
    "ProductAttributeValue",
    "ProductType",
    "ProductTypeAttribute",
    "RelatedProduct",
    "Variant",
    "VariantAttributeValue",
]
