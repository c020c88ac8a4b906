"""Deleting in batches, also by two at once."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from shopkit.core.models import Delivery
from shopkit.core.purge import delete_all, delete_some
from tests.threads import at_once, kinds


def make(count):
    Delivery.objects.bulk_create(
        Delivery(fact="test.old", subscriber="x.y", ids={"n": n}, delivered_at=Now())
        for n in range(count)
    )
    return Delivery.objects.exclude(delivered_at=None)


@pytest.mark.django_db
def test_everything_goes_and_nothing_else():
    kept = Delivery.objects.create(fact="test.young", subscriber="x.y", ids={})
    old = make(25)

    assert delete_some(old, 10) == 10
    assert delete_all(old, batch=4) == 15
    assert list(Delivery.objects.all()) == [kept]
    assert delete_all(old) == 0


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_purges_at_once_delete_each_row_once_and_never_deadlock():
    old = make(2000)

    outcomes = at_once([lambda: delete_all(old.all(), batch=50)] * 8)

    assert kinds(outcomes) == {"ok": 8}
    assert sum(outcomes) == 2000
    assert not Delivery.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_passed_over_and_not_waited_for():
    old = make(3)
    first = old.order_by("pk").first()
    held, over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            list(Delivery.objects.select_for_update().filter(pk=first.pk))
            held.set()
            over.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        assert delete_all(old) == 2
    finally:
        over.set()
        thread.join(10)
    assert list(Delivery.objects.all()) == [first]
