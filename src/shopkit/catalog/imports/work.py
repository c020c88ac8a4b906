"""One import at work: some items at a time, each time one transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from django.db import transaction

from shopkit.core.transactions import retried

from .keeping import Item
from .report import Message, Run


class Kind(ABC):
    """What can be imported: it reads its items and saves some of them.

    chunk -- how many are saved together; also how many are in memory at once
    settles -- there is something to be done once they are stored
    """

    chunk = 200
    settles = False

    @abstractmethod
    def items(self) -> Iterator[Any]:
        """Yield the items of the file from its beginning, never all at once."""

    @abstractmethod
    def check(self, item: Any) -> None:
        """Note in ``item.errors`` what is wrong by what was in the file before."""

    @abstractmethod
    def save(self, items: Sequence[Any]) -> Sequence[str]:
        """Save the good ones of ``items``, which have no errors yet; note those of the others.

        Called in a transaction. Returns "created", "updated", "unchanged" or "failed" of each.
        """

    def settle(self, item: Any) -> list[Message]:
        """Do for a stored ``item`` what must not be in a transaction; return what to tell of it.

        Called again when the import died meanwhile and goes on.
        """
        return []

    @abstractmethod
    def forget(self) -> None:
        """Forget what was made: the transaction has been rolled back."""


@dataclass
class Step:
    """What one transaction did: the outcomes of its items, and what there is to tell."""

    rows: int = 0
    outcomes: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


class Ledger:
    """Writes down how far an import is, in the transaction that takes it there; this one nowhere.

    position -- rows that have been dealt with
    """

    def hold(self, position: int) -> None:
        """Make sure that nobody else is at it and that it stands at ``position``."""

    def advance(self, position: int, step: Step) -> None:
        """Write down that it now stands at ``position``, and what happened on the way."""

    def settle(self, position: int, messages: Sequence[Message]) -> None:
        """Write down up to where items are settled, and what there was to tell of it."""

    def errors_from(self, line: int) -> Mapping[int, str]:
        """Return what was wrong in ``line`` and behind it, by line, the first ones first."""
        return {}


class Work:
    """Takes the items of one file through.

    run -- hears what happens; its report counts
    done -- rows that have been dealt with
    """

    def __init__(
        self, kind: Kind, run: Run, *, ledger: Ledger | None = None, dry_run: bool = False
    ) -> None:
        self.kind = kind
        self.run = run
        self.ledger = ledger or Ledger()
        self.dry_run = dry_run
        self.done = 0

    def go(
        self,
        *,
        start: int = 0,
        settled: int = 0,
        most: int | None = None,
        until: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Take the items through, and say whether the end was reached.

        start -- rows that were dealt with before: they are read, and left as they are
        settled -- rows of those whose items were settled, too
        most -- rows after which it ends, about
        until -- asked after each transaction and each item that was settled; once it says yes, no
            further one is begun
        """
        items = self.kind.items()
        left = self._pass_over(items, start, settled)
        if not self._settle(left, until):
            return False
        while chunk := list(islice(items, self.kind.chunk)):
            self._take(chunk)
            if not self._settle(chunk, until):
                return False
            if until() or (most is not None and self.done >= most):
                return next(items, None) is None
        return True

    def _pass_over(self, items: Iterator[Item], rows: int, settled: int) -> Sequence[Item]:
        """Read what was dealt with; return those that are not settled, at most a chunk."""
        left: deque[Item] = deque(maxlen=self.kind.chunk)
        while self.done < rows and (item := next(items, None)) is not None:
            self.kind.check(item)
            self.done += item.rows
            if self.kind.settles and self.done > settled:
                left.append(item)
        if left:
            lines = [item.line for item in left]
            for line, text in self.ledger.errors_from(lines[0]).items():
                left[bisect_right(lines, line) - 1].errors[line] = text
        return left

    def _take(self, items: Sequence[Item]) -> None:
        for item in items:
            self.kind.check(item)
        good = [item for item in items if not item.errors]
        tries = count()

        def once() -> Step:
            if next(tries):  # the first try was rolled back
                self.kind.forget()
                for item in good:
                    item.errors.clear()
            return self._once(items, good)

        try:
            step = retried(once)
        except BaseException:
            self.kind.forget()
            raise
        if self.dry_run:
            self.kind.forget()
        self._tell(items, step)

    def _settle(self, items: Sequence[Item], until: Callable[[], bool]) -> bool:
        """Settle the last items that were dealt with; say whether it was done with all."""
        if self.dry_run or not self.kind.settles or not items:
            return True
        messages: list[Message] = []
        position, count = self.done - sum(item.rows for item in items), 0
        for item in items:
            if not item.errors:
                messages += self.kind.settle(item)
            position, count = position + item.rows, count + 1
            if until():
                break
        self.ledger.settle(position, messages)
        for message in messages:
            self.run.tell(message)
        return count == len(items)

    def _tell(self, items: Sequence[Item], step: Step) -> None:
        report = self.run.report
        for item, outcome in zip(items, step.outcomes, strict=True):
            self.run.listener.outcome(item.line, item.subject, outcome)
            setattr(report, outcome, getattr(report, outcome) + 1)
        for message in step.messages:
            self.run.tell(message)
        for item in items:
            self.done += item.rows
            self.run.progress(self.done)

    def _once(self, items: Sequence[Item], good: Sequence[Item]) -> Step:
        with transaction.atomic():
            self.ledger.hold(self.done)
            saved = dict(zip(map(id, good), self.kind.save(good), strict=True))
            step = Step()
            for item in items:
                step.rows += item.rows
                step.outcomes.append(saved.get(id(item), "failed"))
                step.messages += _told(item)
            self.ledger.advance(self.done + step.rows, step)
            if self.dry_run:
                transaction.set_rollback(True)
        return step


def _told(item: Item) -> list[Message]:
    if not item.errors:
        return [Message(line, text, is_error=False) for line, text in item.notes]
    found = [Message(line, reason) for line, reason in sorted(item.errors.items())]
    return [Message(found[0].line, found[0].text, source=item.source), *found[1:]]
