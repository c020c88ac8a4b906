"""Named locks that last as long as the transaction."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from shopkit.core.locks import hold
from tests.threads import at_once, kinds

PAUSE = 0.2


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_would_end_at_once_is_refused():
    with pytest.raises(TransactionManagementError, match="needs a transaction"):
        hold("tree")


@pytest.mark.django_db
def test_holding_costs_one_statement_for_all_names_and_none_for_no_names(statements):
    with statements(1):
        hold("a", "b", "a")
    with statements(0):
        hold()


@pytest.mark.django_db
def test_a_lock_may_be_taken_again_in_its_transaction():
    with transaction.atomic():
        hold("a")
        hold("a", "b")


def work(*names, seen, inside):
    """Hold the locks and note whether somebody else was inside at the same time."""
    with transaction.atomic():
        hold(*names)
        inside.append(names)
        seen.append(len(inside))
        threading.Event().wait(PAUSE)
        inside.remove(names)


race = pytest.mark.race
postgres = pytest.mark.postgres
database = pytest.mark.django_db(transaction=True)


@postgres
@race
@database
def test_two_who_hold_one_name_exclude_each_other():
    seen, inside = [], []

    outcomes = at_once([lambda: work("tree", seen=seen, inside=inside)] * 4)

    assert kinds(outcomes) == {"ok": 4}
    assert seen == [1, 1, 1, 1]


@postgres
@race
@database
def test_two_who_hold_different_names_do_not():
    seen, inside = [], []

    at_once(
        [
            lambda: work("tree", seen=seen, inside=inside),
            lambda: work("stock", seen=seen, inside=inside),
        ]
    )

    assert sorted(seen) == [1, 2]


@postgres
@race
@database
def test_the_order_in_which_names_are_given_cannot_deadlock():
    seen, inside = [], []

    outcomes = at_once(
        [
            lambda: work("a", "b", seen=seen, inside=inside),
            lambda: work("b", "a", seen=seen, inside=inside),
        ]
        * 4
    )

    assert kinds(outcomes) == {"ok": 8}
    assert seen == [1] * 8


@postgres
@race
@database
def test_taking_the_names_one_by_one_as_they_come_deadlocks():
    def naively(*names):
        with transaction.atomic():
            for name in names:
                hold(name)
                threading.Event().wait(PAUSE)

    outcomes = at_once([lambda: naively("a", "b"), lambda: naively("b", "a")])

    assert kinds(outcomes) == {"ok": 1, "OperationalError": 1}


@postgres
@database
def test_a_lock_ends_with_its_transaction():
    with transaction.atomic():
        hold("tree")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone() == (0,)
