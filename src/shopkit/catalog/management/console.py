"""What import commands share: a bar or plain lines, messages, the summary, the exit status."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.catalog.imports.report import Listener, Message, Report, UnreadableFile
from shopkit.core.management.bars import Bar, bar

EVERY = 1000


class ImportCommand(BaseCommand):
    """A command that imports one file.

    Exit status 0 when all rows are in, 1 when some failed (the others are in), 2 when the file
    cannot be read at all.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and whether this is a rehearsal."""
        parser.add_argument("file", help="Path of the file.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Change nothing, only say what would happen."
        )

    def run_import(self, listener: Listener, options: dict[str, Any]) -> Report:
        """Do the import."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print what happened and end with the right status."""
        try:
            with _console(self) as listener:
                report = self.run_import(listener, options)
        except UnreadableFile as error:
            raise CommandError(str(error), returncode=2) from error
        rehearsal = " (dry run: nothing has been changed)" if options["dry_run"] else ""
        self.stdout.write(f"{report}{rehearsal}")
        if report.failed:
            raise CommandError(f"{report.failed} failed; see the lines above.", returncode=1)


class _Shown(Listener):
    """Messages on standard error above a bar; without one, every thousandth row is said too."""

    def __init__(self, shown: Bar) -> None:
        super().__init__()
        self._shown = shown
        self._next = EVERY

    def message(self, message: Message) -> None:
        self._shown.say(str(message))

    def progress(self, done: int, total: int) -> None:
        self._shown.advance(done, total=total)
        if done >= self._next and not self._shown.is_drawn:
            self._next = done + EVERY
            self._shown.say(f"{done} of {total} rows")


@contextmanager
def _console(command: BaseCommand) -> Iterator[Listener]:
    with bar(command.stderr, "rows") as shown:
        yield _Shown(shown)
