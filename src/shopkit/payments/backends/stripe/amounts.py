"""Amounts as Stripe writes them: whole units, by digits that are not always ISO 4217's."""

from collections.abc import Mapping
from decimal import Decimal

from shopkit.core.money import MINOR_DIGITS

#: Where Stripe counts otherwise than ISO 4217. Source: Stripe's page on currencies: the króna and
#: the Ugandan shilling are sent with two zeros, the ariary without the digits it has.
OTHERWISE: Mapping[str, int] = {"ISK": 2, "UGX": 2, "MGA": 0}

#: The smallest step, in units, where it is not one: amounts that Stripe wants rounded.
STEPS: Mapping[str, int] = {
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 10),
    **dict.fromkeys(("ISK", "UGX"), 100),
}


class Amounts:
    """The way there and back.

    exponents -- {currency: digits} that win over ours, should Stripe change its mind
    """

    def __init__(self, exponents: Mapping[str, int]) -> None:
        self._digits = {**MINOR_DIGITS, **OTHERWISE, **exponents}
        self._steps = {code: step for code, step in STEPS.items() if code not in exponents}

    def knows(self, currency: str) -> bool:
        """Say whether amounts of ``currency`` can be written."""
        return currency in self._digits

    def to_units(self, amount: Decimal, currency: str) -> int:
        """Return 1050 for 10.50 USD. Raises ValueError for what is not exactly so many units."""
        if not self.knows(currency):
            raise ValueError(f"{currency!r} is not a currency that Stripe takes.")
        units = amount.scaleb(self._digits[currency])
        if units % self._steps.get(currency, 1):
            raise ValueError(f"{amount} {currency} is finer than what Stripe takes.")
        return int(units)

    def from_units(self, units: int, currency: str) -> Decimal:
        """Return 10.50 for 1050 of USD. A currency that nobody knows has two digits."""
        return Decimal(units).scaleb(-self._digits.get(currency, 2))
