"""Reading a CSV file: rows with their line numbers, one at a time, and in runs of one subject."""

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby, islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .cells import unshield
from .decoding import encoding_of, read_lines, separator_of
from .report import UnreadableFile

WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
# Where commas do not part the cells they part the digits, as spreadsheets in half of Europe do.
WITH_COMMA = re.compile(r"(-?[0-9]{1,15}),([0-9]{1,2})")
# One product has so many variants and images, or the file is not what it seems.
LONGEST_RUN = 1000
TRUE = frozenset({"true", "yes", "1", "да", "ha"})
FALSE = frozenset({"false", "no", "0", "нет", "yo'q"})


@dataclass(frozen=True)
class Row:
    """One record of a CSV file; ``line`` is where it begins.

    cells -- by column, what was shielded from spreadsheets bare again
    is_wide -- it has more cells than the header: probably a comma outside quotes
    separator -- what stands between the cells
    header -- as the file has it
    """

    line: int
    cells: dict[str, str]
    is_wide: bool
    separator: str = ","
    header: tuple[str, ...] = ()

    @property
    def source(self) -> dict[str, str]:
        """The cells by the names that the file has for its columns."""
        return {name: self.cells.get(name.lower(), "") for name in self.header if name}

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
        if self.separator != ",":
            text = WITH_COMMA.sub(r"\1.\2", text)
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

    UTF-8 or Windows-1251, parted by commas, semicolons or tabs: whichever it is.

    encoding -- of the file
    separator -- what stands between its cells

    It is read twice: ``total`` reads it to the end to see that all of it can be read, so that a
    broken file is refused before anything has changed; ``rows`` yields it, never all at once.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.encoding = encoding_of(path)
        self.separator = separator_of(next(read_lines(path, encoding=self.encoding), ""))
        self.header = self._header()
        self.columns = self._columns()

    def require(self, columns: Collection[str]) -> None:
        """Raise UnreadableFile naming those of ``columns`` that the header lacks."""
        missing = [name for name in columns if name.lower() not in self.columns]
        if missing:
            raise UnreadableFile(
                _("The header lacks: %(names)s. %(hint)s")
                % {"names": ", ".join(missing), "hint": _("Is it another kind of file?")}
            )

    @cached_property
    def total(self) -> int:
        """Number of rows. Raises UnreadableFile for what no row can be made of."""
        return sum(1 for _row in self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        for line, cells in self._records():
            if line > 1 and any(cells):
                named = dict(zip(self.columns, map(unshield, cells), strict=False))
                is_wide = any(cells[len(self.columns) :])
                yield Row(line, named, is_wide, self.separator, self.header)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        lines = read_lines(self.path, encoding=self.encoding)
        reader = csv.reader(lines, strict=True, delimiter=self.separator)
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
        return tuple(unshield(name).strip() for name in header)

    def _columns(self) -> tuple[str, ...]:
        columns = tuple(name.lower() for name in self.header)
        twice = {name for name in columns if name and columns.count(name) > 1}
        if twice:
            message = _("The header has these columns twice: %s.")
            raise UnreadableFile(message % ", ".join(sorted(twice)))
        return columns


def runs(rows: Iterable[Row], column: str) -> Iterator[tuple[str, list[Row], int]]:
    """Yield (text, rows, how many more) for each run of rows with one text in ``column``.

    Of a run no more than a thousand rows are kept.
    """
    for text, run in groupby(rows, key=lambda row: row.text(column)):
        rest = iter(run)
        kept = list(islice(rest, LONGEST_RUN))
        yield text, kept, sum(1 for _row in rest)
