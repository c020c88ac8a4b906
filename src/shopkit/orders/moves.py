"""The table of moves: which status may follow which, and what that does to the stock."""

from .conf import orders_settings

EFFECTS = {"none", "consume", "release"}
BECOMES = {"consume": "consumed", "release": "released"}


def effect_of(start: str, end: str) -> str | None:
    """Return the stock effect of a move, or None when it is not allowed."""
    return orders_settings().MOVES.get(start, {}).get(end)


def allowed_from(status: str) -> list[str]:
    """Return the statuses that may follow ``status``; the usual next step stands first."""
    return list(orders_settings().MOVES.get(status, {}))


def stock_after(start: str = "placed", state: str = "open") -> dict[str, set[str]]:
    """Return, for every status an order can reach, what may have become of its units by then.

    "open" -- still held; "consumed" -- off the shelf; "released" -- free again
    """
    found: dict[str, set[str]] = {}
    queue = [(start, state)]
    while queue:
        status, units = queue.pop()
        if units in found.setdefault(status, set()):
            continue
        found[status].add(units)
        for end, effect in orders_settings().MOVES.get(status, {}).items():
            queue.append((end, BECOMES.get(effect, units)))
    return found
