"""The rows that failed, as a CSV file that can be corrected and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .cells import shield

LINE, ERROR = "import_line", "import_error"


class Told(Protocol):
    """A message of an import, stored or not."""

    line: int
    text: str
    source: Sequence[Mapping[str, str]]


@dataclass
class _Failure:
    line: int
    texts: list[str]
    rows: Sequence[Mapping[str, str]] = field(default_factory=list)


def error_rows(errors: Iterable[Told]) -> Iterator[list[str]]:
    """Yield the header, then the rows of each subject that failed, its first with the reasons.

    The columns are those of the file and two more, which an import passes over. No cell can be
    taken for a formula.

    errors -- in the order they were told
    """
    header: list[str] | None = None
    for failure in _failures(errors):
        if header is None:
            header = list(failure.rows[0]) if failure.rows else []
            yield [shield(name) for name in (*header, LINE, ERROR)]
        told = [str(failure.line), " ".join(failure.texts)]
        for row in failure.rows or [{}]:
            yield [shield(cell) for cell in (*(row.get(name, "") for name in header), *told)]
            told = ["", ""]
    if header is None:
        yield [LINE, ERROR]


def write_errors(errors: Iterable[Told], out: Any) -> int:
    """Write the file to ``out``; return how many rows that failed are in it."""
    rows = error_rows(errors)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(next(rows))
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _failures(errors: Iterable[Told]) -> Iterator[_Failure]:
    """Put what is told of one subject together: its first message has its rows."""
    last: _Failure | None = None
    for error in errors:
        text = f"{error.line}: {error.text}" if last else error.text
        if error.source or last is None or not last.rows:
            if last:
                yield last
            last = _Failure(error.line, [error.text], error.source)
        else:
            last.texts.append(text)
    if last:
        yield last
