"""Inserting unless a twin is there already."""

import threading
from datetime import datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from shopkit.core.inserts import insert_if_new, insert_rows
from shopkit.core.models import Delivery, IdempotencyKey
from tests.threads import at_once


def row(*, key="k-1", fingerprint="first"):
    return IdempotencyKey(
        principal="p", route="r", key=key, fingerprint=fingerprint, expires_at=later()
    )


def later():
    return datetime.now(timezone.utc) + timedelta(days=1)


@pytest.mark.django_db
def test_the_first_is_inserted_and_the_second_is_not():
    assert insert_if_new(row()) is True
    assert insert_if_new(row(fingerprint="second")) is False
    assert insert_if_new(row(key="k-2")) is True

    assert list(IdempotencyKey.objects.order_by("key").values_list("key", "fingerprint")) == [
        ("k-1", "first"),
        ("k-2", "first"),
    ]


@pytest.mark.django_db
def test_a_twin_does_not_break_the_transaction_it_is_refused_in(statements):
    insert_if_new(row())

    with transaction.atomic(), statements(1):
        assert insert_if_new(row()) is False
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db
def test_what_the_database_fills_in_is_filled_in():
    insert_if_new(Delivery(fact="test.happened", subscriber="a.b", ids={"number": 1}))

    stored = Delivery.objects.get()
    assert (stored.ids, stored.attempts, stored.last_error) == ({"number": 1}, 0, "")
    assert Delivery.objects.due().count() == 1


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_row_that_breaks_another_rule_is_an_error():
    bad = Delivery(fact="f", subscriber="a.b", ids={}, delivered_at=Now(), parked_at=Now())

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_if_new(bad)

    assert not Delivery.objects.exists()


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_the_first():
    outcomes = at_once([lambda: insert_if_new(row())] * 30)

    assert sorted(outcomes) == [False] * 29 + [True]


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_twin_waits_for_a_transaction_that_may_still_be_undone():
    inserted, order = threading.Event(), []

    def first():
        with transaction.atomic():
            order.append(insert_if_new(row()))
            inserted.set()
            threading.Event().wait(0.3)
            order.append("undone")
            transaction.set_rollback(True)

    def second():
        inserted.wait(10)
        order.append(insert_if_new(row(fingerprint="second")))

    at_once([first, second])

    assert order == [True, "undone", True]
    assert IdempotencyKey.objects.get().fingerprint == "second"


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_looking_first_and_inserting_then_fails_for_some():
    def naive():
        if IdempotencyKey.objects.filter(key="k-1").exists():
            return False
        threading.Event().wait(0.01)
        row().save()
        return True

    outcomes = at_once([naive] * 10)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)


def deliveries(count):
    return [
        Delivery(fact="test.happened", subscriber=f"a.b{number}", ids={"number": number})
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.django_db
def test_rows_are_inserted_in_their_order_and_know_their_keys(count, statements):
    rows = deliveries(count)
    with transaction.atomic(), statements(1 if connection.vendor == "postgresql" else 3):
        insert_rows(rows)

    stored = list(Delivery.objects.order_by("pk"))
    assert [row.pk for row in rows] == [row.pk for row in stored]
    assert [row.ids for row in stored] == [{"number": number} for number in range(count)]
    assert not any(row._state.adding for row in rows)


@pytest.mark.django_db
def test_what_is_left_to_the_database_is_filled_in_by_it():
    insert_rows(deliveries(2))

    assert Delivery.objects.due().count() == 2


@pytest.mark.django_db
def test_no_rows_take_no_statement(statements):
    with statements(0):
        insert_rows([])


@pytest.mark.django_db
def test_rows_that_break_a_rule_are_an_error():
    insert_if_new(row())

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([row(key="k-2"), row()])
    assert IdempotencyKey.objects.count() == 1
