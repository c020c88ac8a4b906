"""What import commands share: a bar or plain lines, messages, the summary, the exit status."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.catalog.imports.report import Listener, Message, Report, UnreadableFile

try:
    from rich.console import Console
    from rich.progress import Progress
except ImportError:  # the "cli" extra brings it
    Progress = None  # type: ignore[assignment,misc]

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


class _Plain(Listener):
    """Lines on standard error, every thousandth row one of progress."""

    def __init__(self, command: BaseCommand) -> None:
        super().__init__()
        self._command = command
        self._next = EVERY

    def message(self, message: Message) -> None:
        self._command.stderr.write(str(message))

    def progress(self, done: int, total: int) -> None:
        if done >= self._next:
            self._next = done + EVERY
            self._command.stderr.write(f"{done} of {total} rows")


class _Bar(_Plain):
    """The same with a bar that stays at the bottom of the terminal."""

    def __init__(self, command: BaseCommand, bar: Any) -> None:
        super().__init__(command)
        self._bar = bar
        self._task = bar.add_task("rows", total=None)

    def message(self, message: Message) -> None:
        self._bar.console.print(str(message), markup=False, highlight=False)

    def progress(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


@contextmanager
def _console(command: BaseCommand) -> Iterator[Listener]:
    if Progress is None or not command.stderr.isatty():
        yield _Plain(command)
        return
    with Progress(console=Console(stderr=True)) as bar:
        yield _Bar(command, bar)
