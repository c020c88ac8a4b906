"""Examples in documents: found as a reader finds them, and run."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .sites import CHECKOUT, bare_environment

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "--- end of block"


@dataclass(frozen=True)
class Block:
    """A fenced example and the language it names."""

    language: str
    text: str


def blocks(document: str, *, section: str | None = None) -> list[Block]:
    """Return the examples of a document, or of the part under one heading of it."""
    text = (CHECKOUT / document).read_text()
    if section is not None:
        _before, found, text = text.partition(f"\n## {section}\n")
        assert found, f"{document} has no section {section!r}"
        text = text.partition("\n## ")[0]
    return [Block(language, body) for language, body in FENCE.findall(text)]


class Shell:
    """A visitor's terminal: what one block sets, the next one reads."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def paste(self, text: str) -> list[str]:
        """Run ``text`` and return the lines it printed; a command that fails ends the test."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{text}\necho '{MARK}'\n")
        stdin.flush()
        lines = []
        for line in stdout:
            if line.rstrip() == MARK:
                return lines
            lines.append(line.rstrip())
        raise AssertionError("\n".join(["A command failed:", text, *lines]))


@contextmanager
def shell(folder: Path) -> Iterator[Shell]:
    """Open a terminal in ``folder``."""
    if shutil.which("curl") is None:
        pytest.skip("skipped: no curl, which the documents' commands use")
    with subprocess.Popen(
        ["/bin/sh", "-eu"],
        cwd=folder,
        env=bare_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Shell(process)
        finally:
            process.kill()
