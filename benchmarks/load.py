"""Load: wrk for reads; for what has a state, a small client of our own on asyncio.

The client shares the machine with the server, so it does as little as it can: one connection per
call, as gunicorn's sync workers close it after each answer anyway.
"""

import asyncio
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from statistics import quantiles
from typing import Any, Protocol

from .servers import ROOT, Meter, Server

CLIENTS = 16
WARM_UP = 0.3  # of the duration
WARM_UP_LEAST = 4 * CLIENTS  # operations: what a worker does for the first time takes it long
QUIET_SHARE = 0.4  # of the duration, at one client
LONGEST_WARM_UP = 20  # seconds
LEAST = 0.3  # seconds of any part


@dataclass(frozen=True)
class Measured:
    """What came of one workload against one server.

    per_second -- operations, at 16 clients
    p50, p99 -- milliseconds of an operation, at one client
    cpu -- milliseconds of processor time per operation: server and PostgreSQL
    broken -- answers that were not what they should be
    """

    per_second: float
    p50: float
    p99: float
    cpu: float
    broken: int = 0


# --- reads ----------------------------------------------------------------------------------------


def read(
    server: Server,
    paths: Sequence[str],
    *,
    database: str,
    duration: float,
    headers: Sequence[str] = (),
) -> Measured:
    """Ask for ``paths`` in turn, first to warm up, then from 16 clients, then from one.

    headers -- "Name: value"
    """
    # A cache is warm when everything was asked for once.
    _warm_up(_visits(paths), server, duration, least=max(WARM_UP_LEAST, len(paths)))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        extra = [file.name, *headers]
        with Meter(server, database) as meter:
            many = _wrk(server, extra, clients=CLIENTS, seconds=duration)
        one = _wrk(server, extra, clients=1, seconds=duration * QUIET_SHARE)
    return Measured(
        per_second=many["requests"] / many["seconds"],
        p50=one["p50"],
        p99=one["p99"],
        cpu=1000 * meter.seconds / max(1, many["requests"]),
        broken=many["refused"] + many["broken"] + one["refused"] + one["broken"],
    )


def _visits(paths: Sequence[str]) -> Iterator["Operation"]:
    for path in cycle(paths):
        yield partial(_visit, path)


async def _visit(path: str, send: "Send") -> bool:
    return (await send("GET", path)).status == 200


def _wrk(server: Server, extra: Sequence[str], *, clients: int, seconds: float) -> dict[str, Any]:
    """Run wrk, for whole seconds because it takes no less, and return what its script printed."""
    command = [
        "wrk", "--threads", "1", "--connections", str(clients), "--duration",
        f"{max(1, round(seconds))}s", "--script", str(ROOT / "benchmarks/requests.lua"),
        server.url, "--", *extra,
    ]  # fmt: skip
    shown = subprocess.run(  # noqa: S603 - a command line of our own
        command, capture_output=True, text=True, check=True
    ).stdout
    line = next(one for one in shown.splitlines() if one.startswith("RESULT "))
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return found


# --- calls with a state ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, "" when it is not there."""
        for line in self.head.split("\r\n"):
            found, _, value = line.partition(":")
            if found.lower() == name.lower():
                return value.strip()
        return ""

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


class _Exchange(asyncio.Protocol):
    """Sends one request and collects until the server closes."""

    def __init__(self, request: bytes, done: "asyncio.Future[bytes]") -> None:
        self.request, self.done, self.parts = request, done, bytearray()

    def connection_made(self, transport: Any) -> None:
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.parts += data

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(bytes(self.parts))


async def call(
    server: Server,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Make one call; the status is 0 when the server hung up without an answer."""
    loop = asyncio.get_running_loop()
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    request = "\r\n".join([*lines, "", ""]).encode() + content
    done: asyncio.Future[bytes] = loop.create_future()
    try:
        await loop.create_connection(lambda: _Exchange(request, done), "127.0.0.1", server.port)
        head, _, rest = (await done).partition(b"\r\n\r\n")
    except OSError:
        return Reply(0, "", b"")
    status = head[9:12]
    return Reply(int(status) if status.isdigit() else 0, head.decode("latin-1"), rest)


class Send(Protocol):
    """Makes one call, over a socket or in this process."""

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Coroutine[Any, Any, Reply]: ...


# One or several calls; says whether all of them were answered as they should be.
Operation = Callable[[Send], Coroutine[Any, Any, bool]]
# To warm up, for 16 clients, for one.
Parts = tuple[Iterator[Operation], Iterator[Operation], Iterator[Operation]]


@dataclass
class _Tally:
    spans: list[float] = field(default_factory=list)
    broken: int = 0
    seconds: float = 0


def drive(server: Server, parts: Parts, *, database: str, duration: float) -> Measured:
    """Run each part for its time, or until it has no more operations."""
    _warm_up(parts[0], server, duration)
    with Meter(server, database) as meter:
        many = _run(parts[1], server, clients=CLIENTS, seconds=max(LEAST, duration))
    one = _run(parts[2], server, clients=1, seconds=max(LEAST, duration * QUIET_SHARE))
    cuts = quantiles(one.spans, n=100) if len(one.spans) > 1 else [0.0] * 99
    return Measured(
        per_second=len(many.spans) / many.seconds,
        p50=1000 * cuts[49],
        p99=1000 * cuts[98],
        cpu=1000 * meter.seconds / max(1, len(many.spans)),
        broken=many.broken + one.broken,
    )


def _warm_up(
    operations: Iterator[Operation],
    server: Server,
    duration: float,
    *,
    least: int = WARM_UP_LEAST,
) -> None:
    _run(islice(operations, least), server, clients=CLIENTS, seconds=LONGEST_WARM_UP)
    _run(operations, server, clients=CLIENTS, seconds=duration * WARM_UP)


def _run(
    operations: Iterator[Operation], server: Server, *, clients: int, seconds: float
) -> _Tally:
    return asyncio.run(_clients(operations, partial(call, server), clients, seconds))


async def _clients(
    operations: Iterator[Operation], send: Send, clients: int, seconds: float
) -> _Tally:
    tally, begun = _Tally(), time.perf_counter()

    async def client() -> None:
        while (now := time.perf_counter()) < begun + seconds:
            operation = next(operations, None)
            if operation is None:
                return
            is_good = await operation(send)
            tally.spans.append(time.perf_counter() - now)
            tally.broken += not is_good

    await asyncio.gather(*(client() for _ in range(clients)))
    tally.seconds = time.perf_counter() - begun
    return tally


@dataclass(frozen=True)
class Rush:
    """Many calls in one moment: {status: how many}, and seconds until the last was answered."""

    statuses: dict[int, int]
    wall: float


def rush(server: Server, calls: Sequence[Callable[[Send], Coroutine[Any, Any, Reply]]]) -> Rush:
    """Make every call at once."""

    async def run() -> list[Reply]:
        return await asyncio.gather(*(one(partial(call, server)) for one in calls))

    begun = time.perf_counter()
    replies = asyncio.run(run())
    wall = time.perf_counter() - begun
    return Rush(dict(Counter(reply.status for reply in replies)), wall)


def get(server: Server, path: str) -> Reply:
    """Make one call and wait for it."""
    return asyncio.run(call(server, "GET", path))
