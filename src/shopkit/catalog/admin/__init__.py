"""The catalogue in the admin; every save goes through the services."""

from .attributes import AttributeAdmin
from .categories import CategoryAdmin
from .products import ProductAdmin, VariantAdmin

__all__ = ["AttributeAdmin", "CategoryAdmin", "ProductAdmin", "VariantAdmin"]
