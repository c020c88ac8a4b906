"""Pricing steps for the tests, named by dotted path in SHOPKIT."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from shopkit.pricing.calculator import Adjustment, Draft


def ten_percent_off(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("discount", "ten", "10 %", -draft.totals.subtotal / 10)


def everything_off(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("discount", "all", "All", -draft.totals.total)


def twelve_percent_tax(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("tax", "vat", "VAT", draft.totals.total * Decimal("0.12"))


def too_much_off(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("discount", "greedy", "Greedy", -draft.totals.total - 1)


def positive_discount(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("discount", "wrong", "Wrong", Decimal(1))


def negative_shipping(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("shipping", "wrong", "Wrong", Decimal(-1))


def negative_tax(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("tax", "wrong", "Wrong", Decimal(-1))


def endless(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("shipping", "wrong", "Wrong", Decimal("Infinity"))


def unknown_kind(draft: Draft) -> Iterator[Adjustment]:
    kind: Any = "bribe"
    yield Adjustment(kind, "wrong", "Wrong", Decimal(1))


def shipping_by_city(draft: Draft) -> Iterator[Adjustment]:
    city = (draft.context.address or {}).get("city", "")
    fee = 5000 if city == "Nukus" else 20000
    yield Adjustment("shipping", "city", city, Decimal(fee))


def hair_off(draft: Draft) -> Iterator[Adjustment]:
    yield Adjustment("discount", "hair", "Hair", -min(Decimal("0.0001"), draft.totals.total))


NOT_CALLABLE = "text"
