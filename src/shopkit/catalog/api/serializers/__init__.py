"""Inputs and outputs of the catalogue, by subject."""

from .attributes import (
    AttributeChangeInput,
    AttributeInput,
    AttributeOutput,
    ValueChangeInput,
    ValueInput,
    ValueOutput,
)
from .categories import CategoryDetailOutput, CategoryInput, CategoryOutput
from .facets import FacetsOutput
from .inputs import ProductChangeInput, ProductInput, VariantChangeInput, VariantInput
from .products import CardOutput, ProductOutput, VariantOutput

__all__ = [
    "AttributeChangeInput",
    "AttributeInput",
    "AttributeOutput",
    "CardOutput",
    "CategoryDetailOutput",
    "CategoryInput",
    "CategoryOutput",
    "FacetsOutput",
    "ProductChangeInput",
    "ProductInput",
    "ProductOutput",
    "ValueChangeInput",
    "ValueInput",
    "ValueOutput",
    "VariantChangeInput",
    "VariantInput",
    "VariantOutput",
]
