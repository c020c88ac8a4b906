"""Amounts of money as people write them in their language.

For programs, and in the API, money is ``shopkit.core.money.format_amount``.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.utils import formats, numberformat
from django.utils.translation import get_language

from .languages import primary_of
from .money import minor_digits, round_money

# No break between the digits of a number, nor between it and its currency.
FIXED = "\N{NO-BREAK SPACE}"
# A person does not expect "150 000.00 so'm"; of other currencies one does.
PLAIN_WHEN_WHOLE = frozenset({"UZS"})
# What stands for one currency only, and in front of the number in English.
SYMBOLS: Mapping[str, str] = {
    "EUR": "€",
    "GBP": "£",
    "KZT": "₸",
    "RUB": "₽",
    "USD": "$",
}


class Name(NamedTuple):
    """What people of a language call a currency; ``plain`` is for a text message: ASCII."""

    usual: str
    plain: str


NAMES: Mapping[str, Mapping[str, Name]] = {
    "UZS": {
        "uz": Name("soʻm", "so'm"),
        "uz-cyrl": Name("сўм", "so'm"),
        "kaa": Name("swm", "swm"),
        "kaa-cyrl": Name("сўм", "swm"),
        "ru": Name("сум", "sum"),
    },
}


def show_money(
    amount: Decimal, currency: str, *, language: str | None = None, is_plain: bool = False
) -> str:
    """Return an amount as people write it: "150 000 soʻm", "150 000 сум", "UZS 150,000".

    It has the minor digits of the currency (none for whole soʻm), the marks of the language, and no
    place where a line may be broken.

    language -- None for the active one
    is_plain -- for a text message: ordinary blanks, and the currency in ASCII

    Raises ValueError for a currency that is not in ISO 4217.
    """
    code = language or get_language() or settings.LANGUAGE_CODE
    blank = " " if is_plain else FIXED
    digits = _digits(abs(amount), currency, code).replace(FIXED, blank)
    sign = "-" if round_money(amount, currency) < 0 else ""
    name = _name(currency, code, is_plain=is_plain)
    if primary_of(code) != "en":
        return f"{sign}{digits}{blank}{name}"
    return f"{sign}{name}{digits}" if name in SYMBOLS.values() else f"{sign}{name}{blank}{digits}"


def _digits(amount: Decimal, currency: str, language: str) -> str:
    rounded = round_money(amount, currency)
    is_whole = currency in PLAIN_WHEN_WHOLE and rounded == rounded.to_integral_value()
    return numberformat.format(
        rounded,
        formats.get_format("DECIMAL_SEPARATOR", language),
        0 if is_whole else minor_digits(currency),
        formats.get_format("NUMBER_GROUPING", language) or 3,
        formats.get_format("THOUSAND_SEPARATOR", language),
        force_grouping=True,
    )


def _name(currency: str, language: str, *, is_plain: bool) -> str:
    names = NAMES.get(currency, {})
    name = names.get(language) or names.get(primary_of(language))
    if name:
        return name.plain if is_plain else name.usual
    return currency if is_plain else SYMBOLS.get(currency, currency)
