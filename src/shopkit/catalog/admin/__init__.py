"""The catalogue in the admin; every save goes through the services."""

from .attributes import AttributeAdmin
from .categories import CategoryAdmin
from .imports import ImportRunAdmin
from .products import ProductAdmin, VariantAdmin

__all__ = ["AttributeAdmin", "CategoryAdmin", "ImportRunAdmin", "ProductAdmin", "VariantAdmin"]
