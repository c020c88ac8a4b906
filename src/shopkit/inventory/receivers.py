"""Wishes are granted off the path of whoever brought the units."""

from .facts import back_in_stock
from .wishes import grant_wishes


@back_in_stock.subscribe
def grant(variant_id: int) -> None:
    """Have everybody told who waits for the variant."""
    grant_wishes(variant_id)
