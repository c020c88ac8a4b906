"""The whole shop in processes of its own: gunicorn, a Celery worker, a beat, and their servers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.example.sites import CHECKOUT, EXAMPLE, bare_environment, free_port
from tests.servers import RedisServer
from tools.run_together import read_procfile

from .servers import Postgres
from .warehouse import TABLES

PATIENCE = 90  # seconds for a process to come up
VARIANTS, SCARCE, PLENTY = 12, 40, 100_000
CUSTOMERS = 5
PASSWORD = "faults-customer-1234"

SHELVES = f"""
from decimal import Decimal
from django.contrib.auth import get_user_model
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.inventory.services import adjust
for number in range({VARIANTS}):
    variant = VariantData(price=Decimal(50_000), sku=f"FAULT-{{number}}")
    product = create_product(ProductData(name=f"Fault {{number}}", variants=[variant]))
    adjust(variant=product.variants.get().pk, delta={PLENTY} if number else {SCARCE})
for number in range({CUSTOMERS}):
    get_user_model().objects.create_user(f"customer-{{number}}", password={PASSWORD!r})
"""


@dataclass
class Stack:
    """One shop. Every process runs in a session of its own, so that it can be killed with its
    children."""

    folder: Path
    database: Postgres
    redis: RedisServer
    broker: RedisServer
    port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every process is given, and nothing of ours."""
        paths = [str(CHECKOUT), str(EXAMPLE), os.environ.get("PYTHONPATH", "")]
        return {
            **bare_environment(),
            "DJANGO_SETTINGS_MODULE": "tests.faults.site",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.redis.url,
            "CELERY_BROKER_URL": self.broker.url,
            "SHOPKIT_VAR": str(self.folder / "var"),
            "SHOPKIT_ENV_FILE": os.devnull,
            "SHOPKIT_DEMO_LIMITS": "off",
            "WEB_CONCURRENCY": "2",
            "WEB_THREADS": "4",
            "LOG_FORMAT": "json",
        }

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=EXAMPLE,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )

    def must(self, *words: str) -> str:
        """Run a management command that succeeds."""
        done = self.manage(*words)
        if done.returncode:
            raise SystemExit(f"{words[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, name: str) -> None:
        """Start web, worker or beat, as ``make demo-services`` does."""
        environment = {**self.environment, "PORT": str(self.port)}
        command = read_procfile(EXAMPLE / "Procfile", environment)[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(Path(sys.executable).parent / command[0]), *command[1:]],
                cwd=EXAMPLE,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL a process and all its children."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        for pid in [*children_of(process.pid), process.pid]:
            kill_pid(pid)
        process.wait(10)

    def web_workers(self) -> list[int]:
        """Return the processes that serve requests."""
        return children_of(self.processes["web"].pid)

    def wait_until_ready(self) -> None:
        """Return when the site says that all is there."""
        deadline = time.monotonic() + PATIENCE
        said: Any = "nothing"
        while time.monotonic() < deadline:
            try:
                answer = requests.get(f"{self.address}/health/ready/", timeout=10)
                said = answer.text
                if answer.status_code == 200 and '"degraded"' not in said:
                    return
            except requests.RequestException as error:
                said = type(error).__name__
            time.sleep(0.2)
        raise SystemExit(f"The site does not get ready: {said}")

    def stop(self) -> None:
        """End everything, and leave nothing behind."""
        for server in (self.redis, self.broker):
            if server.process is not None:
                server.thaw()
        for name in list(self.processes):
            self.kill(name)
        self.redis.stop()
        self.broker.stop()
        self.database.stop()


def children_of(pid: int) -> list[int]:
    """Return the process's children, and theirs, as long as they live."""
    parents: dict[int, list[int]] = {}
    for one in filter(str.isdigit, os.listdir("/proc")):
        try:
            state, parent = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents.setdefault(int(parent), []).append(int(one))
    found, queue = [], [pid]
    while queue:
        below = parents.get(queue.pop(), [])
        found += below
        queue += below
    return found


def kill_pid(pid: int) -> None:
    """SIGKILL; that it is gone already is fine."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def running_stack() -> Iterator[Stack]:
    """A shop with goods and customers, serving."""
    folder = Path(tempfile.mkdtemp(prefix="shopkit-faults-"))
    folder.chmod(0o755)  # PostgreSQL's user passes through
    for name in ("redis", "broker"):
        (folder / name).mkdir()
    stack = Stack(
        folder, Postgres(folder), RedisServer(folder / "redis"), RedisServer(folder / "broker")
    )
    try:
        stack.database.start()
        stack.redis.start()
        stack.broker.start()
        stack.must("migrate", "--verbosity", "0")
        stack.must("shell", "--verbosity", "0", "-c", SHELVES)
        stack.database.do(TABLES)
        for name in ("web", "worker", "beat"):
            stack.start(name)
        stack.wait_until_ready()
        yield stack
    except BaseException:
        keep_logs(folder)
        raise
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


def keep_logs(folder: Path) -> None:
    """Show the end of every log: the folder will be gone."""
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-15:]
        print(f"--- {log.name}", *lines, sep="\n", file=sys.stderr)
