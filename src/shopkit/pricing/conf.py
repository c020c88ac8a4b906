"""Settings of the calculator."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class PricingSettings:
    """``SHOPKIT["PRICING"]``: how totals come about.

    STEPS -- dotted paths of ``(Draft) -> Iterable[Adjustment]``, run in this order; see
        ``shopkit.pricing.calculator``. Discounts stand before what depends on them.
    SHIPPING_FEE -- what ``flat_shipping`` charges per order, a ``Decimal`` in the shop's currency
    SHIPPING_FREE_FROM -- goods worth this or more, discounts taken off, are sent for nothing; None
        for never
    """

    STEPS: Sequence[str] = ("shopkit.pricing.steps.flat_shipping",)
    SHIPPING_FEE: Decimal = Decimal(0)
    SHIPPING_FREE_FROM: Decimal | None = None

    def __post_init__(self) -> None:
        if not _is_amount(self.SHIPPING_FEE):
            raise ValueError("SHIPPING_FEE must be a Decimal, not negative.")
        if self.SHIPPING_FREE_FROM is not None and not _is_amount(self.SHIPPING_FREE_FROM):
            raise ValueError("SHIPPING_FREE_FROM must be a Decimal, not negative, or None.")
        if isinstance(self.STEPS, str):
            raise ValueError("STEPS must be a list of dotted paths.")


def _is_amount(value: Any) -> bool:
    """A float is refused: 0.1 is not a tenth."""
    return isinstance(value, (Decimal, int)) and Decimal(value).is_finite() and value >= 0


pricing_settings = Section("PRICING", PricingSettings)
