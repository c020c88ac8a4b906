"""Money: exact in the database, ``Decimal`` in Python, rounded in one place.

The database holds a BIGINT of ten-thousandths, exact on every engine (SQLite's decimal columns
are floats), with room for three-decimal currencies and for 900 trillion so'm. Which number of
digits an amount is shown and rounded to is the currency's minor unit, ISO 4217.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

SCALE = 10_000
LARGEST = Decimal(900_000_000_000_000)

# ISO 4217, active codes by their number of minor digits. Source: the list of the ISO 4217
# Maintenance Agency (SIX), "list one".
_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD
HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD
RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG
""".split()
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_THREE = "BHD IQD JOD KWD LYD OMR TND".split()
_FOUR = "CLF UYW".split()

MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO, 2),
    **dict.fromkeys(_NONE, 0),
    **dict.fromkeys(_THREE, 3),
    **dict.fromkeys(_FOUR, 4),
}


def minor_digits(currency: str) -> int:
    """Return how many digits ``currency`` has after the point.

    Raises ValueError for a code that is not in ISO 4217.
    """
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency.") from None


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's minor unit, halves away from zero. The only rounding there is."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return whole minor units: 1500.00 UZS is 150000 tiyin, 1500 JPY is 1500.

    Raises ValueError for an amount finer than the minor unit.
    """
    scaled = amount.scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is finer than the minor unit of {currency}.")
    return int(scaled)


def from_minor(units: int, currency: str) -> Decimal:
    """Return the amount of ``units`` minor units: 150000 tiyin is 1500.00."""
    digits = minor_digits(currency)
    return Decimal(units).scaleb(-digits).quantize(Decimal(1).scaleb(-digits))


# A shop has few prices, and each is shown often.
@lru_cache(maxsize=10_000)
def format_amount(amount: Decimal, currency: str) -> str:
    """Return the contract's money string, with exactly the currency's digits: "150000.00"."""
    # Adding nothing makes minus zero zero, which is the same amount to the cache.
    return f"{round_money(amount, currency) + 0:f}"


def from_stored(units: int | None) -> Decimal | None:
    """Return the amount of a stored number of ten-thousandths."""
    return None if units is None else Decimal(units).scaleb(-4)


def format_stored(units: int, currency: str) -> str:
    """Return the contract's money string of a stored number of ten-thousandths."""
    return format_amount(Decimal(units).scaleb(-4), currency)


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]  # generic in the stubs only
    """An amount of money; the currency stands beside it, on the row or in the settings.

    Assign and read ``Decimal``; comparisons, sums, ``F("price") * 3`` and ``F("price") + F("tax")``
    work in the database. A bare number added there counts stored units: ``F("price") + 1`` is one
    ten-thousandth more. An amount with more than four digits after the point is refused with
    ValueError, never rounded in silence.
    """

    description = _("Amount of money")
    _pyi_private_set_type: Decimal | int | models.expressions.Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int  # type: ignore[assignment]

    @cached_property
    def validators(self) -> Sequence[Any]:  # type: ignore[override]
        """Bounds in money, not in stored units."""
        return [
            *self._validators,  # type: ignore[attr-defined]
            MinValueValidator(-LARGEST),
            MaxValueValidator(LARGEST),
        ]

    def get_default(self) -> Any:
        """Return a default written as a whole number as an amount too."""
        return self.to_python(super().get_default())

    def to_python(self, value: Any) -> Decimal | None:
        """Return ``Decimal``; refuse what is not a finite number with ValidationError."""
        if value is None or value == "":
            return None
        try:
            amount = value if isinstance(value, Decimal) else Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            raise ValidationError(
                _("“%(value)s” is not an amount of money."), code="invalid", params={"value": value}
            )
        return amount

    def get_prep_value(self, value: Any) -> Any:
        """Return the stored ten-thousandths."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        scaled = Decimal(str(value)).scaleb(4)
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f"{value!r} cannot be stored as money exactly.")
        if abs(scaled) > LARGEST * SCALE:
            raise ValueError(f"{value!r} is more money than the column holds.")
        return int(scaled)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """Return the stored ten-thousandths as an amount."""
        return from_stored(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Serialise as a plain decimal, so that a fixture reads as money."""
        value = self.value_from_object(obj)
        return "" if value is None else f"{value:f}"

    def formfield(self, **kwargs: Any) -> Any:
        """A decimal box of four digits after the point at most."""
        options = {"form_class": forms.DecimalField, "max_digits": 19, "decimal_places": 4}
        return models.Field.formfield(self, **{**options, **kwargs})
