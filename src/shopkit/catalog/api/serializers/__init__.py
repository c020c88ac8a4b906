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
from .generation import GenerationInput, GenerationOutput
from .images import ImageChangeInput, ImageInput, StoredImageOutput
from .inputs import (
    ProductChangeInput,
    ProductInput,
    RelatedInput,
    VariantChangeInput,
    VariantInput,
)
from .products import CardOutput, ProductOutput, VariantOutput
from .search import SuggestionsOutput
from .translations import TranslationsInput, TranslationsOutput
from .types import ProductTypeChangeInput, ProductTypeInput, ProductTypeOutput

__all__ = [
    "AttributeChangeInput",
    "AttributeInput",
    "AttributeOutput",
    "CardOutput",
    "CategoryDetailOutput",
    "CategoryInput",
    "CategoryOutput",
    "FacetsOutput",
    "GenerationInput",
    "GenerationOutput",
    "ImageChangeInput",
    "ImageInput",
    "ProductChangeInput",
    "ProductInput",
    "ProductOutput",
    "ProductTypeChangeInput",
    "ProductTypeInput",
    "ProductTypeOutput",
    "RelatedInput",
    "StoredImageOutput",
    "SuggestionsOutput",
    "TranslationsInput",
    "TranslationsOutput",
    "ValueChangeInput",
    "ValueInput",
    "ValueOutput",
    "VariantChangeInput",
    "VariantInput",
    "VariantOutput",
]
