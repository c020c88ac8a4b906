"""Settings of the calculator."""

from dataclasses import dataclass
from decimal import Decimal

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class PricingSettings:
    """``SHOPKIT["PRICING"]``: how totals come about.

    STEPS -- dotted paths of ``(Draft, Context) -> Iterable[Adjustment]``, run in this order; see
        ``shopkit.pricing.calculator``
    SHIPPING_FEE -- what ``flat_shipping`` charges per order
    SHIPPING_FREE_FROM -- goods worth this or more are sent for nothing; None for never
    """

    STEPS: tuple[str, ...] = ("shopkit.pricing.steps.flat_shipping",)
    SHIPPING_FEE: Decimal = Decimal(0)
    SHIPPING_FREE_FROM: Decimal | None = None

    def __post_init__(self) -> None:
        if self.SHIPPING_FEE < 0:
            raise ValueError("SHIPPING_FEE must not be negative.")
        if isinstance(self.STEPS, str):
            raise ValueError("STEPS must be a list of dotted paths.")  # noqa: TRY004


pricing_settings = Section("PRICING", PricingSettings)
