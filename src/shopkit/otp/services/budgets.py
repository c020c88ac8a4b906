"""Counting in the database: exact on every engine and across every process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from shopkit.core.inserts import insert_if_new
from shopkit.otp.conf import Rate, rates
from shopkit.otp.models import Budget, BudgetQuerySet

from .clock import later, left_until, whole_seconds


@dataclass(frozen=True)
class Purse:
    """One budget of one somebody: a row of ``Budget`` and how much it allows."""

    scope: str
    key: str
    rate: Rate


def purses(scope: str, key: str, budget: Iterable[str]) -> list[Purse]:
    """Return a purse for every rate of a budget, the shortest window first."""
    found = sorted(rates(list(budget)), key=lambda rate: rate.seconds)
    return [Purse(scope, key, rate) for rate in found]


def spend(wanted: Iterable[Purse]) -> int:
    """Take one from each purse in turn; return 0, or the seconds until the empty one fills again.

    What was taken before the empty one stays taken: a refusal is counted too. So the purse of
    whoever asks comes before the purse of whom it would hit; somebody who is refused uses up
    nobody else's. Each row is locked from here to the end of the transaction, always in the order
    of the callers' lists, so two of them wait and cannot deadlock.

    Call it inside a transaction.
    """
    for purse in wanted:
        if not _take_one(purse):
            return _seconds_left(purse)
    return 0


def refund(taken: Iterable[Purse]) -> None:
    """Give back what ``spend`` took from each purse in turn, because nothing came of it.

    Call it inside a transaction.
    """
    for purse in taken:
        _rows(purse).filter(used__gt=0, ends_at__gt=Now()).update(used=F("used") - 1)


def unlock(*, key: str) -> int:
    """Forget what was counted for a destination or network address; return how many counters.

    It can ask for codes again at once, after the resend pause. The rows are locked in the order of
    ``purses``: whoever is counted in the same moment waits and cannot deadlock with this.
    """
    rows = Budget.objects.filter(key=key).order_by("scope", "seconds").select_for_update()
    with transaction.atomic():
        found = list(rows.values_list("pk", flat=True))
        return Budget.objects.filter(pk__in=found).delete()[0]


def _take_one(purse: Purse) -> bool:
    # Nobody reads before writing. Of two who both find no row one inserts it, and the other, who
    # waited for that insert, counts on top of it.
    return bool(_increase(purse)) or insert_if_new(_first_of(purse)) or bool(_increase(purse))


def _increase(purse: Purse) -> int:
    is_over = Q(ends_at__lte=Now())
    return (
        _rows(purse)
        .filter(is_over | Q(used__lt=purse.rate.most))
        .update(
            used=Case(When(is_over, then=Value(1)), default=F("used") + 1),
            ends_at=Case(When(is_over, then=later(_length(purse))), default=F("ends_at")),
        )
    )


def _first_of(purse: Purse) -> Budget:
    return Budget(
        scope=purse.scope,
        key=purse.key,
        seconds=purse.rate.seconds,
        used=1,
        ends_at=later(_length(purse)),
    )


def _seconds_left(purse: Purse) -> int:
    left = _rows(purse).values_list(left_until("ends_at"), flat=True).first()
    return whole_seconds(left or timedelta())


def _rows(purse: Purse) -> BudgetQuerySet:
    return Budget.objects.filter(scope=purse.scope, key=purse.key, seconds=purse.rate.seconds)


def _length(purse: Purse) -> timedelta:
    return timedelta(seconds=purse.rate.seconds)
