"""What was logged, as machines read it."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shopkit.core.logs import JsonFormatter, RequestIdFilter


class Lines:
    """Lines that a handler wrote."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self.handler = logging.StreamHandler(self._text)
        self.handler.addFilter(RequestIdFilter())

    @property
    def text(self) -> str:
        """Everything, as it was written."""
        return self._text.getvalue()

    def of(self, name: str) -> list[dict[str, Any]]:
        """Return the lines of one logger."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if line["logger"] == name]


@contextmanager
def everything_logged(formatter: logging.Formatter | None = None) -> Iterator[Lines]:
    """Collect what any logger says inside the block, down to the least."""
    lines, root = Lines(), logging.getLogger()
    lines.handler.setFormatter(formatter or JsonFormatter())
    level = root.level
    root.addHandler(lines.handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(lines.handler)
        root.setLevel(level)
