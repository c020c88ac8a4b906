"""Good rows are kept, bad ones named: many at once, and fewer when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction

from shopkit.core.errors import Refusal

from .report import reasons

# So often is a whole batch tried again without those that were wrong; then one after the other.
RESTARTS = 4


class Item(Protocol):
    """What a file says of one subject, in one row or several.

    line -- of its first row
    errors -- {line: reason}; an item with any is left as it was
    notes -- [(line, text)], told when it is in
    rows -- how many rows of the file it is made of
    source -- those rows by column, to be shown again when it fails
    """

    line: int
    errors: dict[int, str]
    notes: list[tuple[int, str]]
    rows: int
    source: Sequence[Mapping[str, str]]

    @property
    def subject(self) -> str:
        """What the shop knows it by: a slug or a SKU."""


class WrongItems(Exception):
    """Some of the items that were to be saved together are wrong.

    found -- {index of the item: (line, reason)}
    """

    def __init__(self, found: Mapping[int, tuple[int, str]]) -> None:
        super().__init__(str(found))
        self.found = found


class Undo(Protocol):
    """What is remembered of a transaction, and must go when it is rolled back."""

    def keep(self) -> None:
        """It is there to stay."""

    def forget(self) -> None:
        """It is not there."""


class NothingToUndo:
    """Remembers nothing."""

    def keep(self) -> None:
        """Do nothing."""

    def forget(self) -> None:
        """Do nothing."""


def keep_good(
    items: Sequence[Any], attempt: Callable[[Sequence[Any]], Sequence[str]], undo: Undo
) -> list[str]:
    """Save ``items`` together, without those that are wrong; return what became of each.

    attempt -- saves some of them, all or none, and returns an outcome of each. It raises
        WrongItems where it knows which are wrong, or else ValidationError or Refusal
    undo -- told after each attempt

    Returns "failed" for those that were wrong; their ``errors`` say why.
    """
    outcomes = dict.fromkeys(range(len(items)), "failed")
    left = list(range(len(items)))
    together = RESTARTS
    while left and together:
        together -= 1
        try:
            done = _try([items[one] for one in left], attempt, undo)
        except WrongItems as wrong:
            for index, (line, reason) in wrong.found.items():
                items[left[index]].errors[line] = reason
            left = [one for position, one in enumerate(left) if position not in wrong.found]
        except (ValidationError, Refusal):
            together = 0
        else:
            outcomes.update(zip(left, done, strict=True))
            left = []
    for one in left:
        outcomes[one] = _keep_one(items[one], attempt, undo)
    return list(outcomes.values())


def _keep_one(item: Item, attempt: Callable[..., Sequence[str]], undo: Undo) -> str:
    try:
        [outcome] = _try([item], attempt, undo)
    except WrongItems as wrong:
        [(line, reason)] = wrong.found.values()
        item.errors[line] = reason
    except ValidationError as error:
        item.errors[item.line] = reasons(error)
    except Refusal as error:
        item.errors[item.line] = str(error)
    else:
        return outcome
    return "failed"


def _try(items: Sequence[Item], attempt: Callable[..., Sequence[str]], undo: Undo) -> Sequence[str]:
    try:
        with transaction.atomic():
            done = attempt(items)
    except (WrongItems, ValidationError, Refusal):
        undo.forget()
        raise
    undo.keep()
    return done
