"""Fixtures of what runs beside the tests: keys of one's own on the shared Redis, a private Redis.

REDIS_URL -- the shared server; only keys under ``redis_prefix`` may be touched on it
SHOPKIT_REQUIRE_SERVICES -- "1" turns a missing server from a skip into a failure
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

PATIENCE = 10  # seconds for a server to start or to end


def services_are_required() -> bool:
    """Say whether a missing server is a failure."""
    return os.environ.get("SHOPKIT_REQUIRE_SERVICES") == "1"


def missing(what: str) -> NoReturn:
    """End the test: skipped, or failed where servers are required."""
    if services_are_required():
        pytest.fail(f"SHOPKIT_REQUIRE_SERVICES=1, but {what}", pytrace=False)
    pytest.skip(f"skipped: {what}")


@pytest.fixture
def redis_url() -> str:
    """The URL of the shared Redis server. Mark the test ``redis`` as well."""
    return os.environ.get("REDIS_URL") or missing("no Redis (set REDIS_URL)")


@pytest.fixture
def redis_prefix(redis_url: str) -> Iterator[str]:
    """A key prefix on the shared server that nobody uses; its keys are removed afterwards."""
    import redis

    prefix = f"shopkit-test-{secrets.token_hex(8)}:"
    yield prefix
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter(f"*{prefix}*", count=1000):
            client.delete(key)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """A Redis of one's own that may be stopped, frozen, filled and emptied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *options: str) -> None:
        """Start it, empty, and wait until it answers."""
        self._run("--save", "", *options)

    def start_sentinel(self) -> None:
        """Start it as a sentinel of the servers that ``sentinel.conf`` in its folder names."""
        self._run(config="sentinel.conf")

    def _run(self, *options: str, config: str = "") -> None:
        program = shutil.which("redis-server") or missing("no redis-server on the PATH")
        fixed = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        how = [str(self.folder / config), "--sentinel"] if config else []
        self.process = subprocess.Popen(  # noqa: S603 - a program that the PATH names
            [program, *how, *fixed, *options], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, "redis-server ended at once"
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill it; what it held is gone. Nothing happens when it does not run."""
        if self.process is not None:
            self.process.kill()  # SIGKILL ends a frozen process too
            self.process.wait(PATIENCE)
            self.process = None

    def freeze(self) -> None:
        """Let it keep its connections and answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def call(self, *command: str, password: str | None = None) -> Any:
        """Send one command over a connection of its own."""
        import redis

        url, options = self.url, {"socket_timeout": PATIENCE, "password": password}
        with redis.Redis.from_url(url, **options) as client:
            return client.execute_command(*command)

    def _answers(self) -> bool:
        import redis

        try:
            return self.call("PING") is True
        except redis.ConnectionError:
            return False


class RedisCluster:
    """Two servers that share the slots of a cluster."""

    def __init__(self, folder: Path) -> None:
        self.nodes = [RedisServer(folder / name) for name in ("one", "two")]

    @property
    def url(self) -> str:
        """Where its first node listens."""
        return self.nodes[0].url

    def start(self) -> None:
        """Start both, give each half of the slots and wait until they agree."""
        for node, slots in zip(self.nodes, (("0", "8191"), ("8192", "16383")), strict=True):
            node.folder.mkdir()
            bus = str(free_port())
            node.start("--cluster-enabled", "yes", "--cluster-port", bus)
            node.call("CLUSTER", "ADDSLOTSRANGE", *slots)
        self.nodes[0].call("CLUSTER", "MEET", "127.0.0.1", str(self.nodes[1].port), bus)
        deadline = time.monotonic() + 3 * PATIENCE
        while not all("cluster_state:ok" in self._state(node) for node in self.nodes):
            assert time.monotonic() < deadline, "the nodes do not become a cluster"
            time.sleep(0.1)

    def flush(self) -> None:
        """Throw everything away."""
        for node in self.nodes:
            node.call("FLUSHALL")

    def sizes(self) -> list[int]:
        """Return how many keys each node has."""
        return [node.call("DBSIZE") for node in self.nodes]

    def stop(self) -> None:
        """Kill both."""
        for node in self.nodes:
            node.stop()

    def _state(self, node: RedisServer) -> str:
        found = node.call("CLUSTER", "INFO")
        return found.decode() if isinstance(found, bytes) else str(found)


@pytest.fixture(scope="class")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisCluster]:
    """A running cluster of two nodes, for all tests of a class."""
    cluster = RedisCluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A running Redis server of the test's own, without persistence."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()
