"""What a text file is written in: its encoding, and what stands between its cells."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from .report import UnreadableFile

BLOCK = 1 << 16
# The longest line: one cell may hold the longest description there is, many times over.
LONGEST_LINE = 1 << 20
SEPARATORS = ",;\t"
# Windows-1251 by its letters; a Latin letter beside a Cyrillic one speaks for another encoding.
_CYRILLIC = re.compile(r"[А-яЁёЎўЄєІіЇї]")
_MIXED = re.compile(r"[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]")


def encoding_of(path: str | Path) -> str:
    """Return "utf-8-sig", or "cp1251" for a file that is not UTF-8 and reads as Russian.

    The file is read to the end, a block at a time. Raises UnreadableFile when it is neither, not
    text at all, or not there.
    """
    try:
        with Path(path).open("rb") as file:
            if _is_utf8(iter(lambda: file.read(BLOCK), b"")):
                return "utf-8-sig"
            file.seek(0)
            if _is_cp1251(iter(lambda: file.read(BLOCK), b"")):
                return "cp1251"
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error
    raise UnreadableFile(_("The file is not UTF-8. Save it as “CSV UTF-8” and try again."))


def separator_of(header: str) -> str:
    """Return what stands between the cells of ``header``: a comma, a semicolon or a tab."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=bare.count)


def read_lines(path: str | Path, *, encoding: str = "") -> Iterator[str]:
    """Yield the lines of a text file, line ends included, a byte order mark left out.

    encoding -- as ``encoding_of`` found it; "" looks for it first

    Raises UnreadableFile when it is not there, in no known encoding or not text at all.
    """
    encoding = encoding or encoding_of(path)
    try:
        with Path(path).open(encoding=encoding, newline="") as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise UnreadableFile(_("A line is too long. Is a quote left open?"))
                yield line
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("The file has changed while it was read.")) from error
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error


def _is_utf8(blocks: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks:
            if b"\x00" in block:
                decoder.decode(block)
                raise UnreadableFile(
                    _("This is not a text file. Save it as “CSV UTF-8” and try again.")
                )
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_cp1251(blocks: Iterator[bytes]) -> bool:
    letters = others = mixed = 0
    for block in blocks:
        if b"\x00" in block:
            return False
        text = block.decode("cp1251", errors="replace")
        letters += len(_CYRILLIC.findall(text))
        others += sum(one > "\x7f" for one in text) - len(_CYRILLIC.findall(text))
        mixed += len(_MIXED.findall(text))
    # Quotes, dashes and number signs of Windows-1251 are others; accented Latin text is mixed.
    return letters > 0 and mixed * 10 <= letters and others <= letters
