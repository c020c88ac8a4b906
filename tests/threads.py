"""Many at once: real threads with connections of their own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

# PostgreSQL allows a hundred connections as it comes; two runs at once share them.
TOGETHER = 40


def at_once(calls: Sequence[Callable[[], Any]], *, together: int = TOGETHER) -> list[Any]:
    """Run every call in a thread of its own and return what each returned or raised.

    together -- threads that start in the same moment; the rest follow in waves
    """
    outcomes: list[Any] = [None] * len(calls)
    for first in range(0, len(calls), together):
        wave = range(first, min(first + together, len(calls)))
        barrier = threading.Barrier(len(wave))
        threads = [
            threading.Thread(target=_run, args=(calls[index], outcomes, index, barrier))
            for index in wave
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive(), "A thread hangs."
    return outcomes


def _run(
    call: Callable[[], Any], outcomes: list[Any], index: int, barrier: threading.Barrier
) -> None:
    try:
        barrier.wait(60)
        outcomes[index] = call()
    except Exception as error:  # noqa: BLE001 - what was raised is the outcome
        outcomes[index] = error
    finally:
        connections.close_all()


def kinds(outcomes: Sequence[Any]) -> dict[str, int]:
    """Return how often each kind of error came, and "ok" for the rest."""
    found: dict[str, int] = {}
    for outcome in outcomes:
        kind = type(outcome).__name__ if isinstance(outcome, Exception) else "ok"
        found[kind] = found.get(kind, 0) + 1
    return found
