"""System checks of orders."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_callable

from .conf import Moves, orders_settings
from .models import Order
from .moves import EFFECTS


@register("shopkit")
def check_moves(**_: Any) -> list[CheckMessage]:
    """E001: the table names what does not exist; E002: stock would be moved twice or never."""
    moves = orders_settings().MOVES
    unknown: list[CheckMessage]
    unknown = [Error(text, id="shopkit.orders.E001") for text in _unknown(moves)]
    return unknown or [Error(text, id="shopkit.orders.E002") for text in _unbalanced(moves)]


@register("shopkit")
def check_callables(**_: Any) -> list[CheckMessage]:
    """E003: a dotted path of the section does not lead to something that can be called."""
    settings = orders_settings()
    found: list[CheckMessage] = []
    for name in ("NUMBER", "CONTACT_DEFAULTS", "ADDRESS_BOOK"):
        path = getattr(settings, name)
        if path is None:
            continue
        try:
            load_callable(path)
        except ImproperlyConfigured as error:
            text = f'SHOPKIT["ORDERS"]["{name}"]: {error}'
            found.append(Error(text, id="shopkit.orders.E003"))
    return found


def _unknown(moves: Moves) -> Iterator[str]:
    known = set(Order.Status.values)
    for start, ends in moves.items():
        for end, effect in ends.items():
            if start not in known or end not in known:
                yield f'SHOPKIT["ORDERS"]["MOVES"]: {start} → {end} names an unknown status.'
            if effect not in EFFECTS:
                yield f'SHOPKIT["ORDERS"]["MOVES"]: {start} → {end} has unknown effect {effect!r}.'


def _unbalanced(moves: Moves) -> Iterator[str]:
    """Walk the table: units are held when an order is placed, and leave or come back once."""
    held = {Order.Status.PLACED.value: True}
    queue = [Order.Status.PLACED.value]
    while queue:
        start = queue.pop()
        for end, effect in moves.get(start, {}).items():
            if effect != "none" and not held[start]:
                yield f'SHOPKIT["ORDERS"]["MOVES"]: {start} → {end} moves stock a second time.'
            still_held = held[start] and effect == "none"
            if end not in held:
                held[end] = still_held
                queue.append(end)
            elif held[end] != still_held:
                yield (
                    f'SHOPKIT["ORDERS"]["MOVES"]: {end} holds stock when reached on one way '
                    "and not on another."
                )
    yield from _kept(moves, held)


def _kept(moves: Moves, held: Mapping[str, bool]) -> Iterator[str]:
    for status, is_held in held.items():
        if is_held and not moves.get(status):
            yield f'SHOPKIT["ORDERS"]["MOVES"]: an order that ends {status} holds stock for ever.'
