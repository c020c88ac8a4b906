"""Servers under gunicorn, and the processor time that they and PostgreSQL spend."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORKERS = 2
PATIENCE = 30  # seconds until a server must answer
SAMPLE_EVERY = 0.5  # seconds
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    """A running server: gunicorn with its sync workers."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        return [pid for pid, stat in _processes() if int(stat[1]) == self.pid]

    def largest_worker(self) -> float:
        """Return the resident memory of the largest worker, in MiB."""
        return max(_resident(pid) for pid in self.workers())


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run ``application`` until the block ends; it answers when the block begins.

    application -- as gunicorn names it: "package.module:callable"
    """
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "--workers", str(WORKERS),
        "--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    # The command line is ours; nothing of it comes from outside.
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait_for(process, port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"The server ended at once, status {process.returncode}; see above.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"The server did not answer within {PATIENCE} s.")


@dataclass
class Meter:
    """Processor time of a server's processes and of its database's backends while a block runs.

    A backend that ends meanwhile counts up to its last sample. Where PostgreSQL runs on another
    machine, only the server is counted.
    """

    server: Server
    database: str
    _first: dict[int, float] = field(default_factory=dict)
    _last: dict[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Seconds spent in user and kernel mode."""
        return sum(spent - self._first.get(pid, 0.0) for pid, spent in self._last.items())

    def __enter__(self) -> "Meter":
        self._first = self._sample()
        self._last = dict(self._first)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._ended.set()
        self._thread.join()
        self._last |= self._sample()

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_EVERY):
            self._last |= self._sample()

    def _sample(self) -> dict[int, float]:
        found = {}
        for pid, stat in _processes():
            is_ours = self.server.pid in {pid, int(stat[1])}
            if is_ours or self._is_backend(pid):
                found[pid] = (int(stat[11]) + int(stat[12])) / TICK
        return found

    def _is_backend(self, pid: int) -> bool:
        try:
            title = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return False
        return title.startswith("postgres:") and f" {self.database} " in title


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Yield (pid, fields of its stat after the name): state, parent, ..."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except OSError:
            continue
        yield int(entry.name), stat.rpartition(")")[2].split()


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE / 2**20
