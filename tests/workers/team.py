"""Real workers and a real beat beside a test, on a broker of the test's choice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def wait_until(question: Callable[[], Any], *, within: float = 20) -> None:
    """Wait until ``question`` is answered by something true; fail after so many seconds."""
    end = time.monotonic() + within
    while not question():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)


class Workers:
    """Processes that share a queue; what they print is in ``folder``."""

    def __init__(self, folder: Path, *, broker: str, queue: str) -> None:
        self.folder = folder
        self.broker = broker
        self.queue = queue
        self.notes = folder / "notes.txt"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start a worker of one process and wait until it listens."""
        log = self.folder / f"worker-{len(self._processes)}.log"
        process = self._start(log, "worker", "--pool=solo", "--loglevel=info")
        wait_until(lambda: " ready." in log.read_text())
        return process

    def start_beat(self) -> "subprocess.Popen[bytes]":
        """Start the scheduler."""
        log = self.folder / f"beat-{len(self._processes)}.log"
        return self._start(log, "beat", f"--schedule={self.folder / 'beat-schedule'}")

    def stop(self) -> None:
        """Kill what still runs."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)

    def _start(self, log: Path, *what: str) -> "subprocess.Popen[bytes]":
        values = connection.settings_dict
        address = f"{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT'] or 5432}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.workers.settings",
            "SHOPKIT_TEST_DATABASE": "postgres",
            "DATABASE_URL": f"postgres://{address}/{values['NAME']}",
            "TEST_BROKER": self.broker,
            "TEST_QUEUE": self.queue,
            "TEST_NOTES": str(self.notes),
        }
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "celery", "-A", "tests.workers.celery_app", *what],
                cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._processes.append(process)
        return process
