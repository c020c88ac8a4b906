"""Whole transactions, tried again when the database gave way to another one.

PostgreSQL ends a deadlock, or a conflict of serializable transactions, by failing one of them. That
one did nothing wrong and left nothing behind, so it may simply begin anew.
"""

import logging
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection, transaction

logger = logging.getLogger("shopkit.database")

Given = ParamSpec("Given")
Result = TypeVar("Result")

SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"
TRIES = 3
LONGEST_PAUSE = 100  # milliseconds, before the second try; then twice as long


def sqlstate_of(error: BaseException) -> str:
    """Return the SQLSTATE that PostgreSQL gave, or "" where there is none."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def retried(action: Callable[[], Result], *, is_over: Callable[[], bool] = lambda: False) -> Result:
    """Run ``action``, one whole transaction; again, at most twice, where it gave way to another.

    Only SQLSTATE 40001 and 40P01 are tried again. Inside a transaction that somebody else began
    nothing is: that one is broken as a whole, and it alone knows what it did before.

    action -- begins and ends its transaction, and does nothing outside the database before that
    is_over -- says whether it was committed: what gives way then is a hook that came after it
    """
    for attempt in range(1, TRIES):
        is_whole = not connection.in_atomic_block
        try:
            return action()
        except DatabaseError as error:
            state = sqlstate_of(error)
            gave_way = state in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}
            if not gave_way or not is_whole or is_over():
                raise
            logger.info("A transaction gave way (%s) and is tried again.", state)
        time.sleep(secrets.randbelow(LONGEST_PAUSE * attempt) / 1000)
    return action()


def whole_transaction(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run ``function`` in a transaction, or in the caller's; see ``retried``."""

    @wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        committed: list[bool] = []

        def once() -> Result:
            with transaction.atomic():
                # The first of the hooks, whoever adds others.
                transaction.on_commit(lambda: committed.append(True))
                return function(*args, **kwargs)

        return retried(once, is_over=lambda: bool(committed))

    return run
