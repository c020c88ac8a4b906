"""Handlers that the tests put into ``HANDLERS``."""

from typing import Any

seen: list[Any] = []


def keep(update: Any) -> bool:
    seen.append(update)
    return True


def pass_by(update: Any) -> bool:
    seen.append(("passed by", update.id))
    return False


def break_down(update: Any) -> bool:
    raise LookupError("the shop is out of paper")


HERE = "tests.telegram.handlers"
