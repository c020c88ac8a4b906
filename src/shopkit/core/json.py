"""JSON, by orjson where the site has installed it (extra ``json``), else by Python."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

orjson: Any = None
with suppress(ImportError):
    import orjson

read_json: Callable[[str], Any] = json.loads if orjson is None else orjson.loads


def write_json(data: Any, default: Callable[[Any], Any]) -> bytes | None:
    """Return ``data`` as compact UTF-8, or None where only Python's own encoder can say it.

    None without orjson; also for what it does not take: numbers of more than 64 bits, members
    whose names are no texts, half of a surrogate pair.

    default -- makes something simpler of a value that JSON does not know
    """
    if orjson is None:
        return None
    try:
        written: bytes = orjson.dumps(data, default, orjson.OPT_PASSTHROUGH_DATETIME)
    except orjson.JSONEncodeError:
        return None
    return written
