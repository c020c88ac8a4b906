"""Updates as people may see them: without phone numbers, codes and secrets of links."""

import re
from typing import Any

from shopkit.core.phones import mask_phone

# A phone number, a code or a card, with the marks people put between digits.
DIGITS = re.compile(r"\d(?:[\s().-]*\d){4,}")
START = re.compile(r"^(/\w+(?:@\w+)?)\s+\S.*", re.DOTALL)
HIDDEN = "…"


def masked(value: Any) -> Any:
    """Return a copy of an update, or of a part of one, as people may see it.

    Names and ids stay: ids are numbers in JSON, and only texts are masked.
    """
    if isinstance(value, dict):
        return {name: _masked_member(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return _masked_text(value) if isinstance(value, str) else value


def _masked_member(name: str, value: Any) -> Any:
    if name == "phone_number":
        return mask_phone(str(value))
    if name == "vcard":
        return HIDDEN
    return masked(value)


def _masked_text(text: str) -> str:
    command = START.match(text)
    return f"{command[1]} {HIDDEN}" if command else DIGITS.sub(HIDDEN, text)
