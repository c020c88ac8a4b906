"""What an import tells: messages while it runs, numbers at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class UnreadableFile(Exception):
    """The file as a whole cannot be imported; nothing has changed. ``str`` says why."""


@dataclass(frozen=True)
class Message:
    """Something to know about one line of the file.

    line -- counted from 1, the header included
    is_error -- the line was not imported; otherwise a note about one that was
    source -- with the first error of a subject, all its rows of the file, by column
    """

    line: int
    text: str
    is_error: bool = True
    source: Sequence[Mapping[str, str]] = ()

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass
class Report:
    """What became of the products or categories of a file; errors and notes count lines."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    errors: int = 0
    notes: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{name} {number}" for name, number in asdict(self).items())


@dataclass
class Listener:
    """Hears what an import has to tell; this one remembers it.

    Subclass it to print or store messages as they come: a large bad file has very many.
    """

    messages: list[Message] = field(default_factory=list)

    def message(self, message: Message) -> None:
        """Hear about one line."""
        self.messages.append(message)

    def outcome(self, line: int, subject: str, outcome: str) -> None:
        """Hear what became of a product, a category or a variant: "created", "failed"...

        subject -- its slug or SKU
        """

    def progress(self, done: int, total: int) -> None:
        """Hear that ``done`` of ``total`` rows have been dealt with."""


@dataclass
class Run:
    """One import under way: its numbers and who hears of it."""

    listener: Listener
    total: int
    report: Report = field(default_factory=Report)

    def error(self, line: int, text: str, source: Sequence[Mapping[str, str]] = ()) -> None:
        """Tell why a line was not imported."""
        self.tell(Message(line, text, source=source))

    def note(self, line: int, text: str) -> None:
        """Tell something about a line that was imported."""
        self.tell(Message(line, text, is_error=False))

    def tell(self, message: Message) -> None:
        """Count a message and pass it on."""
        self.report.errors += message.is_error
        self.report.notes += not message.is_error
        self.listener.message(message)

    def progress(self, done: int) -> None:
        """Tell how far it is."""
        self.listener.progress(done, self.total)


def reasons(error: ValidationError) -> str:
    """Return what ``error`` says in one line, fields named: "price: This field is required."."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        text if name == NON_FIELD_ERRORS else f"{name}: {text}"
        for name, texts in error.message_dict.items()
        for text in texts
    )
