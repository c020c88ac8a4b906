"""A bar at the bottom of the terminal for commands that take long, where rich is installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    from rich.console import Console
    from rich.progress import Progress
except ImportError:  # the "cli" extra brings it
    Progress = None  # type: ignore[assignment,misc]


class Bar:
    """Shows nothing: what a log file or a pipe wants."""

    is_drawn = False

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def advance(self, done: int, what: str = "", *, total: int | None = None) -> None:
        """Say how much is done and what is next."""

    def say(self, text: str) -> None:
        """Write a line, above the bar where there is one."""
        self._stream.write(text)


class _Drawn(Bar):
    is_drawn = True

    def __init__(self, stream: Any, progress: Any, what: str, total: int | None) -> None:
        super().__init__(stream)
        self._progress = progress
        self._task = progress.add_task(what, total=total)

    def advance(self, done: int, what: str = "", *, total: int | None = None) -> None:
        changes: dict[str, Any] = {"description": what} if what else {}
        if total is not None:
            changes["total"] = total
        self._progress.update(self._task, completed=done, **changes)

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)


@contextmanager
def bar(stream: Any, what: str, *, total: int | None = None) -> Iterator[Bar]:
    """Draw a bar on ``stream``, a command's stderr, until the end; only on a terminal.

    what -- is counted: "rows"
    """
    if Progress is None or not stream.isatty():
        yield Bar(stream)
        return
    with Progress(console=Console(stderr=True)) as progress:
        yield _Drawn(stream, progress, what, total)
