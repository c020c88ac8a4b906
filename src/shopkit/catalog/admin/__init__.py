"""The catalogue in the admin; every save goes through the services."""

from .attributes import AttributeAdmin
from .categories import CategoryAdmin
from .imports import ImportRunAdmin
from .products import ProductAdmin, VariantAdmin
from .types import ProductTypeAdmin

__all__ = [
    "AttributeAdmin",
    "CategoryAdmin",
    "ImportRunAdmin",
    "ProductAdmin",
    "ProductTypeAdmin",
    "VariantAdmin",
]
