"""What a change makes of a cart's lines: pure functions for stores that compute in Python."""

from collections.abc import Mapping
from dataclasses import replace

from .base import CartLineState, CeilingReached, Limits, LineMissing, Lines, Moved, TooManyLines


def with_more(
    lines: Lines, variant_id: int, more: CartLineState, limits: Limits
) -> dict[int, CartLineState]:
    """Return ``lines`` with the units of ``more`` added. Raises CeilingReached, TooManyLines."""
    now = lines[variant_id].quantity if variant_id in lines else 0
    if now + more.quantity > limits.ceiling:
        raise CeilingReached(now)
    if variant_id not in lines and len(lines) >= limits.max_lines:
        raise TooManyLines
    return {**lines, variant_id: replace(more, quantity=now + more.quantity)}


def with_exactly(
    lines: Lines, variant_id: int, wanted: CartLineState, limits: Limits
) -> dict[int, CartLineState]:
    """Return ``lines`` with that line as ``wanted``. Raises LineMissing, CeilingReached."""
    if variant_id not in lines:
        raise LineMissing(variant_id)
    if wanted.quantity > limits.ceiling:
        raise CeilingReached(lines[variant_id].quantity)
    return _without_empty({**lines, variant_id: wanted})


def without(lines: Lines, quantities: Mapping[int, int]) -> dict[int, CartLineState]:
    """Return ``lines`` less these units, at most what is there."""
    return _without_empty(
        {
            variant: replace(line, quantity=line.quantity - quantities.get(variant, 0))
            for variant, line in lines.items()
        }
    )


def poured(
    source: Lines, target: Lines, ceilings: Mapping[int, int], limits: Limits
) -> tuple[dict[int, CartLineState], dict[int, Moved]]:
    """Return the lines of ``target`` after those of ``source`` came in, and what became of each."""
    lines, moved = dict(target), {}
    for variant, line in source.items():
        here = lines.get(variant, CartLineState(0, line.price_seen))
        room = max(0, ceilings.get(variant, limits.ceiling) - here.quantity)
        if variant not in lines and len(lines) >= limits.max_lines:
            room = 0
        added = min(line.quantity, room)
        if added:
            lines[variant] = replace(here, quantity=here.quantity + added)
        moved[variant] = Moved(added=added, dropped=line.quantity - added)
    return lines, moved


def _without_empty(lines: Lines) -> dict[int, CartLineState]:
    return {variant: line for variant, line in lines.items() if line.quantity > 0}
