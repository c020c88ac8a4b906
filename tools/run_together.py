"""Run the processes of a Procfile until told to stop, and leave none behind.

run_together.py PROCFILE [NAME ...] -- runs the named ones, or all, in the Procfile's folder

On SIGINT or SIGTERM each is asked to end (SIGTERM), and killed after RUN_TOGETHER_PATIENCE seconds
(40). One that dies is started again; one that cannot stay up ends everything, and the exit status
is 1.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

# Seconds that requests and tasks get to finish.
PATIENCE = float(os.environ.get("RUN_TOGETHER_PATIENCE") or 40)
STEADY = 10  # seconds after which a process counts as having been up
TRIES = 3  # starts in a row that did not last so long
PAUSE = 0.2  # seconds between two looks
LINE = re.compile(r"^(?P<name>\w+):\s*(?P<command>.+)$")


def read_procfile(path: Path, environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Return {name: command}, variables filled in. Raises KeyError for one that is not set."""
    found = (LINE.match(line) for line in path.read_text().splitlines())
    return {
        one["name"]: [_filled(word, environment) for word in shlex.split(one["command"])]
        for one in found
        if one
    }


def _filled(word: str, environment: Mapping[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda variable: environment[variable[1]], word)


class Member:
    """One of the processes. It stays in our process group, so what kills that kills all."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.name = name
        self._command = command
        self._folder = folder
        self._failures = 0
        self.start()

    def start(self) -> None:
        """Start it, again."""
        self._began = time.monotonic()
        self._process = subprocess.Popen(self._command, cwd=self._folder)

    def keep_up(self) -> bool:
        """Start it again where it died; say whether it is worth going on."""
        status = self._process.poll()
        if status is None:
            return True
        lasted = time.monotonic() - self._began
        self._failures = self._failures + 1 if lasted < STEADY else 0
        print(f"{self.name} ended with {status} after {lasted:.0f} s.", file=sys.stderr, flush=True)
        if self._failures >= TRIES:
            return False
        self.start()
        return True

    def ask_to_end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        try:
            self._process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{self.name} is killed: it did not end.", file=sys.stderr, flush=True)
            self._process.kill()
            self._process.wait()


def main(procfile: str, *names: str) -> int:
    path = Path(procfile)
    commands = read_procfile(path, os.environ)
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: told.append(got))
    members = [Member(name, commands[name], path.parent) for name in names or commands]
    try:
        while not told and all([member.keep_up() for member in members]):  # noqa: C419 - look at each
            time.sleep(PAUSE)
    finally:
        for member in members:
            member.ask_to_end()
        deadline = time.monotonic() + PATIENCE
        for member in members:
            member.end(deadline)
    return 0 if told else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
