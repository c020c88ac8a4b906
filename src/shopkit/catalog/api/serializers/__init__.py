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
from .inputs import ProductChangeInput, ProductInput, VariantChangeInput, VariantInput
from .products import CardOutput, ProductOutput, VariantOutput
from .search import SuggestionsOutput

__all__ = [
    "AttributeChangeInput",
    "AttributeInput",
    "AttributeOutput",
    "CardOutput",
    "CategoryDetailOutput",
    "CategoryInput",
    "CategoryOutput",
    "ProductChangeInput",
    "ProductInput",
    "ProductOutput",
    "SuggestionsOutput",
    "ValueChangeInput",
    "ValueInput",
    "ValueOutput",
    "VariantChangeInput",
    "VariantInput",
    "VariantOutput",
]
