"""An event in words: its values said as people of a language say money, moments and lists.

Values are stored as JSON. A plain text or number is said as it is; the others are made by the
functions below and said by ``said``:

- money: {"money": "150000.00", "currency": "UZS"}
- a moment: {"at": "2026-11-26T02:05:00+00:00"}
- a reason: {"reason": key of ``kinds.REASONS``}
- what money is looked at for: {"review": key of ``kinds.REVIEWS``}
- lines of an order: [{"name", "quantity", "total": money}, ...]
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import override

from shopkit.core.money import format_amount
from shopkit.core.words import show_money

from .kinds import KINDS, REASONS, REVIEWS, Sentence

Values = Mapping[str, Any]

NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, kw_only=True)
class Words:
    """An event as one reader is told it.

    short -- for a text message
    values -- what the sentences were filled with, for templates; ``lines`` is a list there
    """

    title: str
    text: str
    short: str
    values: Values = field(default_factory=dict)


def money_of(amount: Decimal, currency: str) -> dict[str, str]:
    """Return an amount as an event keeps it; an amount of nothing is a value that is not there."""
    return {"money": format_amount(amount, currency), "currency": currency} if amount else {}


def moment_of(moment: datetime) -> dict[str, str]:
    """Return a moment as an event keeps it."""
    return {"at": moment.isoformat()}


def words_of(kind: str, params: Values, *, language: str) -> Words:
    """Return what a reader of ``language`` is told about an event of this kind.

    A kind that is no longer known, in an old inbox, is told by its name.
    """
    told = KINDS.get(kind)
    if told is None:
        return Words(title=kind, text="", short="")
    with override(language):
        lines = params.get("lines", ())
        alone = {name: value for name, value in params.items() if name != "lines"}
        values = {name: said(value, language) for name, value in alone.items()}
        plain = {name: said(value, language, is_plain=True) for name, value in alone.items()}
        title = _one_line(_filled([told.title], values))
        return Words(
            title=title,
            text=_filled(told.text, values, between="\n"),
            short=_one_line(_filled(told.short, plain)) or title,
            values={**values, "lines": _said_lines(lines, language)},
        )


def said(value: Any, language: str, *, is_plain: bool = False) -> str:
    """Return a value as it is said; "" for one that is not there.

    is_plain -- in ASCII, for a text message
    """
    if isinstance(value, Mapping):
        if "at" in value:
            return _said_moment(datetime.fromisoformat(value["at"]), language)
        if "reason" in value:
            return str(REASONS.get(value["reason"], ""))
        if "review" in value:
            # Staff look all the same where nobody has words for it.
            return str(REVIEWS.get(value["review"], value["review"]))
        if not value:
            return ""
        amount, currency = Decimal(value["money"]), str(value["currency"])
        return show_money(amount, currency, language=language, is_plain=is_plain)
    # Whoever typed it writes no lines of ours.
    return "" if value is None else _one_line(str(value))


def _said_moment(moment: datetime, language: str) -> str:
    """Say it by the site's own clock, in numbers: short, and alike in every language."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return dateformat.format(local, "j M Y, H:i" if language == "en" else "d.m.Y H:i")


def _said_lines(lines: Sequence[Values], language: str) -> list[dict[str, str]]:
    return [{name: said(value, language) for name, value in line.items()} for line in lines]


def _filled(sentences: Sequence[Sentence], values: Values, *, between: str = " ") -> str:
    """Fill in the sentences all of whose values are there."""
    told = [str(one) for one in sentences]
    there = [one for one in told if all(values.get(name) for name in NAMED.findall(one))]
    return between.join(NAMED.sub(lambda found: values[found[1]], one) for one in there)


def _one_line(text: str) -> str:
    """Return text without breaks, which make a header or a sentence more, and unseen marks."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
