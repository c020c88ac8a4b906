"""The table of moves: which status may follow which, and what that does to the stock."""

from .conf import orders_settings

EFFECTS = {"none", "consume", "release"}


def effect_of(start: str, end: str) -> str | None:
    """Return the stock effect of a move, or None when it is not allowed."""
    return orders_settings().MOVES.get(start, {}).get(end)


def allowed_from(status: str) -> list[str]:
    """Return the statuses that may follow ``status``; the usual next step stands first."""
    return list(orders_settings().MOVES.get(status, {}))
