"""Reading a file: text lines and CSV rows with their line numbers, one at a time."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .report import UnreadableFile

WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
TRUE = frozenset({"true", "yes", "1", "да", "ha"})
FALSE = frozenset({"false", "no", "0", "нет", "yo'q"})


def read_lines(path: str | Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 text file, line ends included, a byte order mark left out.

    Raises UnreadableFile when it is not there, not UTF-8 or not text at all.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            for line in file:
                if "\x00" in line:
                    raise UnreadableFile(_("This is not a text file."))
                yield line
    except UnicodeDecodeError as error:
        message = _("The file is not UTF-8. Save it as “CSV UTF-8” and try again.")
        raise UnreadableFile(message) from error
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error


@dataclass(frozen=True)
class Row:
    """One record of a CSV file; ``line`` is where it begins.

    is_wide -- it has more cells than the header: probably a comma outside quotes
    """

    line: int
    cells: dict[str, str]
    is_wide: bool

    def text(self, column: str) -> str:
        """Return the cell without blanks around it; "" when the file lacks the column."""
        return self.cells.get(column, "").strip()

    def whole(self, column: str, *, default: int = 0) -> int:
        """Return the cell as a whole number. Raises ValidationError."""
        text = self.text(column)
        if text and not WHOLE.fullmatch(text):
            message = _("%(column)s: “%(text)s” is not a whole number.")
            raise ValidationError(message % {"column": column, "text": text[:50]})
        return int(text) if text else default

    def amount(self, column: str) -> Decimal | None:
        """Return the cell as an amount, not below zero; None when empty. Raises ValidationError."""
        text = self.text(column)
        if not text:
            return None
        if not AMOUNT.fullmatch(text):
            message = _("%(column)s: “%(text)s” is not an amount such as 1500.00.")
            raise ValidationError(message % {"column": column, "text": text[:50]})
        if text.startswith("-"):
            raise ValidationError(_("%s: it must not be below zero.") % column)
        return Decimal(text)

    def truth(self, column: str, *, default: bool = True) -> bool:
        """Return the cell as yes or no. Raises ValidationError."""
        text = self.text(column).casefold()
        if not text:
            return default
        if text not in TRUE | FALSE:
            message = _("%(column)s: “%(text)s” is neither true nor false.")
            raise ValidationError(message % {"column": column, "text": text[:50]})
        return text in TRUE


class Table:
    """A CSV file with a header; its columns are known by their names in lower case.

    It is read twice: ``total`` reads it to the end to see that all of it can be read, so that a
    broken file is refused before anything has changed; ``rows`` yields it, never all at once.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.header = self._header()
        self.columns = self._columns()

    def require(self, columns: Collection[str]) -> None:
        """Raise UnreadableFile naming those of ``columns`` that the header lacks."""
        missing = [name for name in columns if name.lower() not in self.columns]
        if missing:
            raise UnreadableFile(
                _("The header lacks: %(names)s. %(hint)s")
                % {"names": ", ".join(missing), "hint": self._hint()}
            )

    @cached_property
    def total(self) -> int:
        """Number of rows. Raises UnreadableFile for what no row can be made of."""
        return sum(1 for _row in self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        for line, cells in self._records():
            if line > 1 and any(cells):
                named = dict(zip(self.columns, cells, strict=False))
                yield Row(line, named, is_wide=any(cells[len(self.columns) :]))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(read_lines(self.path), strict=True)
        line = 1
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            message = _("line %(line)d: this is not CSV (%(reason)s). Is a quote left open?")
            raise UnreadableFile(message % {"line": line, "reason": error}) from error

    def _header(self) -> tuple[str, ...]:
        _line, header = next(self._records(), (1, []))
        if not any(name.strip() for name in header):
            raise UnreadableFile(_("The file is empty."))
        return tuple(name.strip() for name in header)

    def _columns(self) -> tuple[str, ...]:
        columns = tuple(name.lower() for name in self.header)
        twice = {name for name in columns if name and columns.count(name) > 1}
        if twice:
            message = _("The header has these columns twice: %s.")
            raise UnreadableFile(message % ", ".join(sorted(twice)))
        return columns

    def _hint(self) -> str:
        if len(self.columns) == 1 and ";" in self.columns[0]:
            return _("Cells must be separated by commas, not by semicolons.")
        return _("Is it another kind of file?")
