"""Transactions that gave way are tried again, where that is safe, and only there."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from shopkit.core.models import Delivery
from shopkit.core.transactions import TRIES, retried, sqlstate_of, whole_transaction
from tests.threads import at_once, kinds

serial = pytest.mark.django_db(transaction=True)


class Driver(Exception):
    """What the database's driver raised."""

    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


def gave_way(state="40P01"):
    error = OperationalError("gave way")
    error.__cause__ = Driver(state)
    return error


class Flaky:
    """Fails with these errors, one at each call, and then succeeds."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@serial
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_what_gave_way_is_tried_three_times_in_all(state):
    flaky = Flaky(gave_way(state), gave_way(state))
    assert retried(flaky) == "done"
    assert flaky.calls == TRIES == 3

    stubborn = Flaky(*[gave_way(state) for _ in range(9)])
    with pytest.raises(OperationalError):
        retried(stubborn)
    assert stubborn.calls == 3


@serial
@pytest.mark.parametrize(
    "error",
    [gave_way("55P03"), gave_way("57014"), OperationalError("40P01"), ValueError("40001")],
)
def test_nothing_else_is_tried_again(error):
    flaky = Flaky(error)

    with pytest.raises(type(error)):
        retried(flaky)
    assert flaky.calls == 1


@serial
def test_nothing_is_tried_again_inside_somebody_elses_transaction():
    flaky = Flaky(gave_way())

    with pytest.raises(OperationalError), transaction.atomic():
        retried(flaky)
    assert flaky.calls == 1


@serial
def test_a_second_try_finds_nothing_of_the_first_and_runs_its_hooks_once():
    ran, told = [], []

    @whole_transaction
    def write():
        ran.append(1)
        Delivery.objects.create(fact="test.written", subscriber="x.y", ids={})
        transaction.on_commit(lambda: told.append(1))
        if len(ran) == 1:
            raise gave_way()
        return Delivery.objects.count()

    assert write() == 1
    assert (len(ran), len(told)) == (2, 1)


@serial
def test_what_was_committed_is_not_done_again_because_a_hook_gave_way():
    @whole_transaction
    def write():
        Delivery.objects.create(fact="test.written", subscriber="x.y", ids={})
        transaction.on_commit(Flaky(gave_way()))

    with pytest.raises(OperationalError, match="gave way"):
        write()
    assert Delivery.objects.count() == 1


@serial
def test_a_whole_transaction_joins_the_callers():
    @whole_transaction
    def write():
        assert connection.in_atomic_block
        Delivery.objects.create(fact="test.written", subscriber="x.y", ids={})

    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()


def cross(first, second, barrier):
    """Write two rows in this order; the other thread writes them in the other."""
    with transaction.atomic():
        Delivery.objects.filter(pk=first).update(fact="test.crossed")
        if barrier is not None:
            barrier.wait(10)
        Delivery.objects.filter(pk=second).update(fact="test.crossed")


def crossing(run):
    """Return what two threads got that cannot both have their way at the first try."""
    one, other = (Delivery.objects.create(fact="f", subscriber="x.y", ids={}).pk for _ in range(2))
    barrier = threading.Barrier(2)

    def calls(first, second):
        tries = iter([barrier])
        return lambda: run(lambda: cross(first, second, next(tries, None)))

    return at_once([calls(one, other), calls(other, one)])


@pytest.mark.postgres
@pytest.mark.race
@serial
def test_two_that_deadlock_both_have_their_way():
    assert kinds(crossing(retried)) == {"ok": 2}


@pytest.mark.postgres
@pytest.mark.race
@serial
def test_without_a_second_try_one_of_them_fails():
    outcomes = crossing(lambda action: action())

    assert kinds(outcomes) == {"ok": 1, "OperationalError": 1}
    (error,) = [one for one in outcomes if one is not None]
    assert sqlstate_of(error) == "40P01"


@pytest.mark.postgres
@pytest.mark.race
@serial
def test_serializable_counters_count_every_one():
    row = Delivery.objects.create(fact="f", subscriber="x.y", ids={}, attempts=0)

    def count():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            found = Delivery.objects.get(pk=row.pk)
            Delivery.objects.filter(pk=row.pk).update(attempts=found.attempts + 1)

    outcomes = at_once([lambda: retried(count)] * 2)

    assert kinds(outcomes) == {"ok": 2}
    row.refresh_from_db()
    assert row.attempts == 2
