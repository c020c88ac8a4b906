"""tools/run_together.py: processes that live and end together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.example.sites import CHECKOUT

TOOL = CHECKOUT / "tools" / "run_together.py"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def processes(mark):
    """Return the pids of running processes whose command line holds ``mark``."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read()
            with open(f"/proc/{pid}/stat") as file:
                state = file.read().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in command and b"run_together" not in command and state != "Z":
            found.append(int(pid))
    return found


def eventually(true, seconds=15):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def mark():
    """A word that stands in the command lines of this test only."""
    word = f"mark-{os.getpid()}-{time.monotonic_ns()}"
    yield word
    for pid in processes(word):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def together(tmp_path, procfile, *names, **environment):
    path = tmp_path / "Procfile"
    path.write_text(procfile)
    with subprocess.Popen(  # noqa: S603 - our own tool
        [sys.executable, str(TOOL), str(path), *names],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def sleeper(name, mark):
    return f"{name}: {sys.executable} -c 'import time; time.sleep(60)' {mark}\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_end_together_when_one_is_told_to(tmp_path, mark, number):
    with together(tmp_path, sleeper("one", mark) + sleeper("two", mark)) as running:
        eventually(lambda: len(processes(mark)) == 2)
        running.send_signal(number)
        assert running.wait(15) == 0
    assert processes(mark) == []


def test_one_that_is_killed_is_started_again(tmp_path, mark):
    with together(tmp_path, sleeper("one", mark)) as running:
        eventually(lambda: processes(mark))
        [first] = processes(mark)
        os.kill(first, signal.SIGKILL)
        eventually(lambda: processes(mark) not in ([], [first]))
        running.terminate()
        assert running.wait(15) == 0
        assert "one ended with -9 after" in running.stderr.read()


def test_one_that_cannot_stay_up_ends_the_others(tmp_path, mark):
    bad = f"bad: {sys.executable} -c 'raise SystemExit(3)'\n"
    with together(tmp_path, sleeper("good", mark) + bad) as running:
        assert running.wait(15) == 1
        assert running.stderr.read().count("bad ended with 3") == 3
    assert processes(mark) == []


def test_one_that_will_not_end_is_killed(tmp_path, mark):
    program = tmp_path / "stubborn.py"
    program.write_text(STUBBORN)
    with together(
        tmp_path, f"one: {sys.executable} {program} {mark}\n", RUN_TOGETHER_PATIENCE="1"
    ) as running:
        eventually(lambda: processes(mark))
        time.sleep(0.5)  # until it is deaf
        running.terminate()
        assert running.wait(15) == 0
        assert "one is killed: it did not end." in running.stderr.read()
    assert processes(mark) == []


def test_only_the_named_ones_run_with_variables_filled_in(tmp_path, mark):
    written = tmp_path / "written"
    program = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    procfile = f"one: {sys.executable} -c '{program}' {written} port-$PORT\ntwo: false\n"
    with together(tmp_path, procfile, "one", PORT="8107") as running:
        eventually(lambda: written.exists() and written.read_text())
        assert running.wait(15) == 1  # it does not stay up
    assert written.read_text() == "port-8107"


def test_the_demo_s_own_processes_are_those_of_production():
    text = (CHECKOUT / "example_project" / "Procfile").read_text()

    assert [line.partition(":")[0] for line in text.splitlines()] == ["web", "worker", "beat"]
