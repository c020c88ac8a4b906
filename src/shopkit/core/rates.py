"""How often something may be done, as the settings spell it: "5/hour"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

RATE = re.compile(r"([1-9][0-9]{0,8})/(minute|hour|day)")
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


@dataclass(frozen=True)
class Rate:
    """So many in a window of so many seconds."""

    most: int
    seconds: int


def rates(budget: Sequence[str], *, name: str = "A budget") -> list[Rate]:
    """Read a budget as the settings spell it. Raises ValueError."""
    found = [] if isinstance(budget, str) else [RATE.fullmatch(text) for text in budget]
    if isinstance(budget, str) or None in found:
        raise ValueError(f'{name} must be a list such as ("5/hour", "10/day").')
    return [Rate(int(one[1]), SECONDS[one[2]]) for one in found if one]
