"""How many parts of an SMS a text takes, which is what gateways charge for (3GPP TS 23.038)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# fmt: off
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# fmt: on
GSM_7_EXTENSION = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, kw_only=True)
class Segments:
    """The size of a text.

    encoding -- "GSM-7", or "UCS-2" as soon as one character needs it
    units -- septets or 16-bit units in all; a character may take two
    parts -- SMS that are sent and charged
    """

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def count_segments(text: str) -> Segments:
    """Return the size of ``text`` as it stands, typographic apostrophes included.

    One GSM-7 SMS holds 160 units, one of several 153; in UCS-2 it is 70 and 67. A character of two
    units (a bracket in GSM-7, an emoji in UCS-2) is never torn between two parts.
    """
    if set(text) <= GSM_7 | GSM_7_EXTENSION:
        widths = [2 if one in GSM_7_EXTENSION else 1 for one in text]
        return Segments(encoding="GSM-7", units=sum(widths), parts=_parts(widths, 160, 153))
    widths = [2 if ord(one) > 0xFFFF else 1 for one in text]
    return Segments(encoding="UCS-2", units=sum(widths), parts=_parts(widths, 70, 67))


def _parts(widths: Iterable[int], alone: int, joined: int) -> int:
    widths = list(widths)
    if sum(widths) <= alone:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts
