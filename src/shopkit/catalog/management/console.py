"""What import and export commands share: a bar or plain lines, the summary, the exit status."""

import csv
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.catalog.imports.errors_file import write_errors
from shopkit.catalog.imports.report import Listener, Message, Report, UnreadableFile
from shopkit.catalog.imports.runs import (
    MOST_KEPT,
    Order,
    Overtaken,
    begin_run,
    carry_on,
    find_unfinished,
    rehearse,
    report_of,
)
from shopkit.catalog.models import ImportRun
from shopkit.core.management.bars import Bar, bar

EVERY = 1000
INTERRUPTED = 130  # what shells say of a program that Ctrl-C has ended


class ImportCommand(BaseCommand):
    """A command that imports one file.

    Exit status 0 when all rows are in, 1 when some failed (the others are in), 2 when the file
    cannot be read at all, 130 when it was interrupted: ``--resume`` goes on.

    kind -- of ``ImportRun.Kind``
    """

    kind: str

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and how to go about it."""
        parser.add_argument("file", help="Path of the file.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Change nothing, only say what would happen."
        )
        parser.add_argument(
            "--resume",
            action="store_true",
            help="Go on where an import of the same file was interrupted.",
        )
        parser.add_argument(
            "--errors",
            metavar="FILE",
            default="",
            help="Write the rows that failed to a CSV file, to be corrected and imported.",
        )

    def order(self, options: dict[str, Any]) -> Order:
        """Return what is to be imported."""
        return Order(kind=self.kind)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print what happened and end with the right status."""
        try:
            with _console(self) as listener:
                report, errors = self.run_import(listener, options)
        except UnreadableFile as error:
            raise CommandError(str(error), returncode=2) from error
        except Overtaken as error:
            raise CommandError("Somebody else goes on with this import.", returncode=1) from error
        if options["errors"]:
            with Path(options["errors"]).open("w", encoding="utf-8-sig", newline="") as out:
                write_errors(errors, out)
        rehearsal = " (dry run: nothing has been changed)" if options["dry_run"] else ""
        self.stdout.write(f"{report}{rehearsal}")
        if report.failed:
            raise CommandError(f"{report.failed} failed; see the lines above.", returncode=1)

    def run_import(
        self, listener: "_Shown", options: dict[str, Any]
    ) -> tuple[Report, Iterable[Any]]:
        """Do the import, or rehearse it; return its numbers and the errors."""
        path, order = options["file"], self.order(options)
        if options["dry_run"]:
            return rehearse(path, order, listener=listener), listener.errors
        run = self.find_run(path, order, options)
        listener.begin_at(run.position)
        try:
            carry_on(run, path, listener=listener)
        except KeyboardInterrupt:
            run.refresh_from_db()
            message = f"Interrupted at row {run.position} of {run.total}; --resume goes on there."
            raise CommandError(message, returncode=INTERRUPTED) from None
        except UnreadableFile:
            # Of a file that is broken nothing is to be resumed.
            ImportRun.objects.filter(pk=run.pk, position=0).delete()
            raise
        return report_of(run), run.messages.filter(is_error=True).iterator()

    def find_run(self, path: str, order: Order, options: dict[str, Any]) -> ImportRun:
        """Return the import that was interrupted, or a new one."""
        found = find_unfinished(path, order)
        if found and options["resume"]:
            self.stderr.write(f"Going on after row {found.position} of {found.total}.")
            return found
        if options["resume"]:
            self.stderr.write("No import of this file was interrupted; beginning anew.")
        elif found:
            self.stderr.write(
                f"An import of this file stands at row {found.position} of {found.total}; "
                "--resume would go on there. Beginning anew."
            )
        return begin_run(path, order)


class _Shown(Listener):
    """Messages on standard error above a bar; without one, every thousandth row is said too.

    errors -- the first ones, for a file of them
    """

    def __init__(self, shown: Bar) -> None:
        super().__init__()
        self.errors: list[Message] = []
        self._shown = shown
        self.begin_at(0)

    def begin_at(self, row: int) -> None:
        """Take the time from here."""
        self._first, self._next = row, row + EVERY
        self._began = time.monotonic()

    def message(self, message: Message) -> None:
        if message.is_error and len(self.errors) < MOST_KEPT:
            self.errors.append(message)
        self._shown.say(str(message))

    def progress(self, done: int, total: int) -> None:
        self._shown.advance(done, total=total)
        if done >= self._next and not self._shown.is_drawn:
            self._next = done + EVERY
            spent = time.monotonic() - self._began
            left = spent / (done - self._first) * (total - done)
            self._shown.say(f"{done} of {total} rows, {left:.0f} s left")


@contextmanager
def _console(command: BaseCommand) -> Iterator[_Shown]:
    with bar(command.stderr, "rows") as shown:
        yield _Shown(shown)


class ExportCommand(BaseCommand):
    """A command whose CSV goes to standard output, in UTF-8.

    subject -- is counted: "products"
    """

    subject: str

    def rows(self, options: dict[str, Any]) -> Iterable[Iterable[str]]:
        """Return the lines, the header first."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say how many lines are in it."""
        # A terminal's own encoding and line ends have no say in what the file holds.
        with suppress(AttributeError):
            self.stdout.reconfigure(encoding="utf-8", newline="")
        writer = csv.writer(self.stdout, lineterminator="\r\n")
        count = -1
        for row in self.rows(options):
            writer.writerow(row)
            count += 1
        self.stderr.write(f"{count} {self.subject}")
