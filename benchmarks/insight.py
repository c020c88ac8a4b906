"""Looking inside: the same operations in this process, their statements counted, their time split.

Nothing here takes part in the timing of the servers.
"""

import cProfile
import json
import pstats
import time
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from .load import Operation, Reply

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

# Where a function lives -> what it is, the first that fits.
LAYERS = (
    ("src/shopkit/", "shopkit"),
    ("django/db/", "Django ORM"),
    ("django/", "Django, the rest"),
    ("rest_framework/", "REST framework"),
    ("psycopg", "driver and database"),
    ("redis/", "Redis client"),
)
IN_C = {"psycopg": "driver and database", "socket": "Redis client", "orjson": "JSON"}


@dataclass(frozen=True)
class Insight:
    """What one operation does.

    statements -- SQL statements, transaction control apart
    layers -- {layer: share of this process's processor time, 0 to 1}; a profiler makes Python
        dearer than it is
    """

    statements: int
    layers: Mapping[str, float]


def look_inside(operations: Sequence[Operation]) -> Insight:
    """Run the first operation to warm up, the second to count its statements, profile the rest.

    At least three. Raises RuntimeError when one is not answered as it should be.
    """
    first, second, *rest = operations
    _finish(first)
    with CaptureQueriesContext(connection) as seen:
        _finish(second)
    statements = [one["sql"] for one in seen.captured_queries]
    profile = cProfile.Profile(time.process_time)
    for operation in rest:
        profile.enable()
        _finish(operation)
        profile.disable()
    return Insight(
        statements=len([one for one in statements if not one.startswith(CONTROL)]),
        layers=_shares(profile),
    )


async def send(
    method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """Make one call to the shop in this process."""
    content = "" if body is None else json.dumps(body)
    answer = Client().generic(
        method, path, content, content_type="application/json", headers=dict(headers or {})
    )
    head = "\r\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return Reply(answer.status_code, head, answer.content)


def _finish(operation: Operation) -> None:
    """Run to the end what never really waits; an event loop would make the ORM refuse to work."""
    running: Coroutine[Any, Any, bool] = operation(send)
    try:
        running.send(None)
    except StopIteration as end:
        if not end.value:
            raise RuntimeError("The shop did not answer as it should.") from None
    else:
        raise RuntimeError("An operation waited for something that is not in this process.")


def _shares(profile: cProfile.Profile) -> dict[str, float]:
    spent: dict[str, float] = defaultdict(float)
    for (file, _line, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        spent[_layer(file, name)] += own
    total = sum(spent.values()) or 1
    return {layer: seconds / total for layer, seconds in sorted(spent.items())}


def _layer(file: str, name: str) -> str:
    path = Path(file).as_posix()
    for part, layer in LAYERS:
        if part in path:
            return layer
    for part, layer in IN_C.items():
        if part in name:
            return layer
    return "JSON" if "json" in path or "json" in name else "Python, the rest"
