"""Sites in processes of their own, with nothing of this process's environment."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLE = CHECKOUT / "example_project"
KEPT = ("HOME", "LANG", "TMPDIR")
PATIENCE = 60  # seconds until a process is given up


def bare_environment() -> dict[str, str]:
    """Return what a process needs, and no variable that a site would read."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": programs, "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class Site:
    """A Django project in ``folder``.

    settings -- dotted path of its settings module
    environment -- variables it is given
    """

    folder: Path
    settings: str
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run a program in the site's folder and return how it ended."""
        return subprocess.run(  # noqa: S603 - our own commands
            command,
            cwd=self.folder,
            env={**bare_environment(), **self.environment, **changes},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def manage(self, *command: str, **changes: str) -> str:
        """Run a management command that succeeds, and return what it printed."""
        done = self.run(sys.executable, "manage.py", *command, **changes)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, script: str, **changes: str) -> Any:
        """Run ``script`` inside the site; return the JSON that its last line prints."""
        started = f"import django, json\ndjango.setup()\n{script}"
        changes = {"DJANGO_SETTINGS_MODULE": self.settings, **changes}
        done = self.run(sys.executable, "-c", started, **changes)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def serve(self, **changes: str) -> Iterator["Server"]:
        """Let Django's own server answer until the block ends."""
        port = free_port()
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        environment = {**bare_environment(), **self.environment, **changes}
        with subprocess.Popen(  # noqa: S603
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            server = Server(f"http://127.0.0.1:{port}")
            try:
                server.wait(process)
                yield server
            finally:
                process.terminate()


@dataclass(frozen=True)
class Server:
    """What answers at ``address``."""

    address: str

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return the status and the body."""
        request = Request(self.address + path, headers=headers)  # noqa: S310 - our own address
        try:
            with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                return response.status, response.read().decode(errors="replace")
        except HTTPError as error:
            with error:
                return error.code, error.read().decode(errors="replace")

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Return as soon as it answers anything at all."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended before it answered"
            try:
                self.get("/admin/login/")
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not answer")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def example_site(var: Path, **environment: str) -> Site:
    """Return the example project with everything it writes below ``var``."""
    # A developer's own .env must not change what is tested.
    own = {"SHOPKIT_VAR": str(var), "SHOPKIT_ENV_FILE": os.devnull}
    return Site(EXAMPLE, "config.settings", {**own, **environment})


def new_site(folder: Path) -> Site:
    """Return a site as ``startproject`` makes it, called bazaar."""
    site = Site(folder, "bazaar.settings")
    done = site.run(sys.executable, "-m", "django", "startproject", "bazaar", ".")
    assert done.returncode == 0, done.stderr
    return site
