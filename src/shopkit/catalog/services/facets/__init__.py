"""How many products each further choice would leave."""

from .choice import GROUPS, Choice
from .counting import read_facets
from .keeping import purge_changes
from .shapes import AttributeCounts, CategoryCount, Facets, PriceCounts, RangeCount, ValueCount

__all__ = [
    "GROUPS",
    "AttributeCounts",
    "CategoryCount",
    "Choice",
    "Facets",
    "PriceCounts",
    "RangeCount",
    "ValueCount",
    "purge_changes",
    "read_facets",
]
