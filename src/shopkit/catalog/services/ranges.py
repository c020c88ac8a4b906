"""Ranges of numbers in filters: ``attr=memory:8..16``."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from shopkit.catalog.models import Attribute

from .attribution import canonical_value, scaled_number

BETWEEN = ".."
NUMBER = Attribute.Type.NUMBER


@dataclass(frozen=True)
class Range:
    """From ``low`` to ``high``, both included, in ten-thousandths; None: that end is open."""

    low: int | None
    high: int | None

    @property
    def condition(self) -> Q:
        """What the values in it are found by."""
        ends = {"number__gte": self.low, "number__lte": self.high}
        return Q(
            attribute__type=NUMBER,
            **{name: number for name, number in ends.items() if number is not None},
        )


def read_range(text: str) -> Range | None:
    """Return the range that ``text`` is: "8..16", "8.." or "..16"; None when it is none.

    Raises ValidationError for one whose ends are the wrong way round: attr (invalid_range).
    """
    first, between, second = text.partition(BETWEEN)
    if not between or not (first.strip() or second.strip()):
        return None
    try:
        low, high = _end(first), _end(second)
    except ValidationError:
        return None
    if low is not None and high is not None and low > high:
        raise _wrong(_("A range begins with its lower end."), "invalid_range")
    return Range(low, high)


def refuse_ranges_of_others(codes: set[str]) -> None:
    """Refuse a range of an attribute that is no number, or that lists are not filtered by.

    codes -- of the attributes that a range was asked of

    Raises ValidationError: attr (unknown_attribute, not_a_number).
    """
    if not codes:
        return
    rows = Attribute.objects.filter(code__in=codes, is_filterable=True)
    kinds = dict(rows.values_list("code", "type"))
    for code in sorted(codes):
        if code not in kinds:
            message = _("There is no filter by “%(code)s”.")
            raise _wrong(message, "unknown_attribute", code=code)
        if kinds[code] != NUMBER:
            message = _("“%(code)s” is not a number, so it has no range.")
            raise _wrong(message, "not_a_number", code=code)


def _end(text: str) -> int | None:
    return scaled_number(NUMBER, canonical_value(NUMBER, text)) if text.strip() else None


def _wrong(message: str, error: str, **params: Any) -> ValidationError:
    return ValidationError({"attr": ValidationError(message, error, params)})
