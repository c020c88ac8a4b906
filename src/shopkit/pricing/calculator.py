"""The only place that adds money up: lines in, a quote out.

``price`` runs the steps that ``PRICING["STEPS"]`` names, one after the other. Each sees what there
is so far and answers with adjustments; a shop's own discounts, delivery and taxes are such steps.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, get_args

from shopkit.core.backends import load_callable
from shopkit.core.money import format_amount, round_money

from .conf import pricing_settings

Kind = Literal["discount", "shipping", "tax"]


@dataclass(frozen=True)
class Line:
    """Some units of one variant.

    unit_price -- what one unit costs, exact in the currency's minor unit
    """

    variant_id: int
    quantity: int
    unit_price: Decimal

    @property
    def total(self) -> Decimal:
        """What the units cost together."""
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class Adjustment:
    """What is added to the goods, or taken off.

    code -- stable slug for programs: "flat", "spring-sale"
    label -- for people, in the language of the moment
    amount -- signed: a discount is negative or zero, the others are positive or zero
    """

    kind: Kind
    code: str
    label: str
    amount: Decimal


@dataclass(frozen=True)
class Context:
    """What a step may know besides the lines.

    currency -- ISO 4217 code
    user -- the signed-in buyer, or None for a guest
    address -- where the goods go, as far as known: the order's address members
    """

    currency: str
    user: Any = None
    address: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Totals:
    """The sums of a quote, none of them negative.

    ``total`` is ``subtotal - discount + shipping + tax``.
    """

    subtotal: Decimal
    discount: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class Draft:
    """What a step sees: the lines, and what the steps before it have made of them."""

    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    context: Context

    @cached_property
    def totals(self) -> Totals:
        """The sums as they stand before this step."""
        zero = round_money(Decimal(0), self.context.currency)
        sums = dict.fromkeys(get_args(Kind), zero)
        for one in self.adjustments:
            sums[one.kind] += one.amount
        subtotal = sum((line.total for line in self.lines), zero)
        return Totals(
            subtotal=subtotal,
            discount=abs(sums["discount"]),
            shipping=sums["shipping"],
            tax=sums["tax"],
            total=sum(sums.values(), subtotal),
        )


@dataclass(frozen=True)
class Quote:
    """What some lines cost at one moment, and why."""

    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    currency: str
    totals: Totals

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of everything that makes the price; equal quotes cost the same.

        The order of the lines does not count, nor do labels: they depend on the reader's language.
        """
        lines = sorted((line.variant_id, line.quantity, line.unit_price) for line in self.lines)
        content = {
            "currency": self.currency,
            "lines": [[variant, units, self._text(each)] for variant, units, each in lines],
            "adjustments": [[a.kind, a.code, self._text(a.amount)] for a in self.adjustments],
            "total": self._text(self.totals.total),
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _text(self, amount: Decimal) -> str:
        return format_amount(amount, self.currency)


Step = Callable[[Draft], Iterable[Adjustment]]


def price(lines: Sequence[Line], context: Context) -> Quote:
    """Return what ``lines`` cost now, every configured step applied in order.

    Without lines no step runs and everything is zero.

    Raises ValueError for a currency that ISO 4217 does not know, for a line without units or with
    a price that is negative or finer than the minor unit, and for a step that answers nonsense:
    a wrong sign, an unknown kind, more discount than there is to pay.
    """
    for line in lines:
        _check_line(line, context.currency)
    draft = Draft(tuple(lines), (), context)
    if lines:
        for path in pricing_settings().STEPS:
            draft = _run(path, draft)
    return Quote(draft.lines, draft.adjustments, context.currency, draft.totals)


def _check_line(line: Line, currency: str) -> None:
    if line.quantity < 1:
        raise ValueError(f"Variant {line.variant_id}: {line.quantity} units cannot be priced.")
    if not line.unit_price.is_finite() or line.unit_price < 0:
        raise ValueError(f"Variant {line.variant_id}: {line.unit_price} is not a price.")
    if round_money(line.unit_price, currency) != line.unit_price:
        raise ValueError(
            f"Variant {line.variant_id}: {line.unit_price} is finer than the minor unit of "
            f"{currency}."
        )


def _run(path: str, draft: Draft) -> Draft:
    step: Step = load_callable(path)
    added = tuple(_checked(path, one, draft.context.currency) for one in step(draft))
    after = replace(draft, adjustments=draft.adjustments + added)
    if after.totals.total < 0:
        raise ValueError(f"Pricing step {path} takes off more than there is to pay.")
    return after


def _checked(path: str, given: Adjustment, currency: str) -> Adjustment:
    """Return what a step answered, its amount rounded: the one place where a price is rounded."""
    if given.kind not in get_args(Kind):
        raise ValueError(f"Pricing step {path} answered with the unknown kind {given.kind!r}.")
    if not given.amount.is_finite():
        raise ValueError(f"Pricing step {path} answered with the amount {given.amount}.")
    if (given.amount > 0) if given.kind == "discount" else (given.amount < 0):
        raise ValueError(f"Pricing step {path}: a {given.kind} of {given.amount} has a wrong sign.")
    # Adding zero turns the "-0.00" of a tiny discount into "0.00".
    return replace(given, amount=round_money(given.amount, currency) + 0)
