"""How rows are claimed: fresh ones together, others one by one, none for longer than it takes."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from shopkit.core.facts import deliver_all, deliver_due, forget_delivered
from shopkit.core.models import Delivery

SAW = []


def see(number):
    SAW.append(number)


def die(number):
    """Stands for a subscriber that takes its process with it."""
    raise KeyboardInterrupt


def dawdle(number):
    SAW.append(number)
    time.sleep(0.02)


def look_around(number):
    """Note whether we run inside somebody's transaction."""
    SAW.append(connection.in_atomic_block)


@pytest.fixture(autouse=True)
def _fresh(settings):
    SAW.clear()
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "manual", "PAUSES": (0, 0)}}


def announce(subscriber, *numbers):
    return Delivery.objects.bulk_create(
        Delivery(fact="test.happened", subscriber=f"{__name__}.{subscriber}", ids={"number": one})
        for one in numbers
    )


def end_leases():
    Delivery.objects.pending().update(due_at=Now())


@pytest.mark.postgres
@pytest.mark.django_db
def test_one_statement_claims_a_whole_batch():
    announce("see", *range(50))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert deliver_due() == 50

    # The batch, one note per row that it was delivered, and the look for rows tried before.
    assert len(asked) == 1 + 50 + 1
    assert asked[0]["sql"].count("SKIP LOCKED") == 1
    assert SAW == list(range(50))


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_runs_in_no_transaction_of_ours():
    announce("look_around", 1)

    deliver_due()

    assert SAW == [False]


@pytest.mark.django_db
def test_a_row_that_kills_its_process_takes_no_other_along_twice():
    announce("see", 1)
    announce("die", 2)
    announce("see", 3)

    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    assert SAW == [1]
    # What was claimed and not begun is free at once, and was not tried.
    assert deliver_due() == 1
    assert SAW == [1, 3]


@pytest.mark.django_db
def test_a_row_whose_every_try_ends_without_a_word_is_parked():
    (row,) = announce("die", 1)

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            deliver_due()
        end_leases()
    assert deliver_due() == 1

    row.refresh_from_db()
    assert row.parked_at is not None
    assert row.last_error.startswith("Every try ended without a word")
    end_leases()
    assert deliver_due() == 0


@pytest.mark.django_db
def test_a_batch_is_given_back_before_its_lease_ends(settings, monkeypatch):
    settings.SHOPKIT["FACTS"]["LEASE"] = timedelta(seconds=10)
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr("shopkit.core.facts.time.monotonic", lambda: next(clock))
    announce("see", *range(10))

    # The clock says 0 at the claim, then 2 and 4; at 6 half of the lease is over.
    deliver_due()

    assert SAW == [0, 1]
    assert Delivery.objects.due().filter(attempts=0).count() == 8


@pytest.mark.django_db
def test_a_round_ends_in_time_and_leaves_the_rest_to_the_next(monkeypatch):
    monkeypatch.setattr("shopkit.core.facts.deliver_due.__defaults__", (5,))
    announce("dawdle", *range(30))

    # A row takes at least 0.02 seconds.
    assert (first := deliver_all(within=0.05)) <= 3
    assert deliver_all() == 30 - first
    assert SAW == list(range(30))


@pytest.mark.django_db
def test_a_round_ends_in_time_among_rows_that_were_tried_before():
    announce("dawdle", *range(30))
    Delivery.objects.update(attempts=1)

    assert deliver_all(within=0.05) <= 3
    # What was not begun may be begun by anybody, and was not tried.
    assert Delivery.objects.due().filter(attempts=1).count() == 30 - len(SAW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_batch_passes_over_what_another_process_is_claiming_just_now():
    from threading import Event, Thread

    rows = announce("see", 1, 2, 3)
    held, over = Event(), Event()

    def hold():
        with transaction.atomic():
            list(Delivery.objects.select_for_update().filter(pk=rows[0].pk))
            held.set()
            over.wait(10)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        began = time.monotonic()
        assert deliver_due() == 2
        assert time.monotonic() - began < 5
    finally:
        over.set()
        thread.join(10)
    assert SAW == [2, 3]
    assert deliver_due() == 1


@pytest.mark.django_db
def test_delivered_rows_are_forgotten_in_time_and_parked_ones_never(settings):
    settings.SHOPKIT["FACTS"]["KEEP_DELIVERED"] = timedelta(days=7)
    old, young, parked, waiting = announce("see", 1, 2, 3, 4)
    ages = {old: {"delivered_at": 8}, young: {"delivered_at": 6}, parked: {"parked_at": 800}}
    for row, changes in ages.items():
        name, days = next(iter(changes.items()))
        Delivery.objects.filter(pk=row.pk).update(**{name: Now() - timedelta(days=days)})

    assert forget_delivered() == 1
    assert set(Delivery.objects.all()) == {young, parked, waiting}


@pytest.mark.django_db
def test_the_command_forgets_too():
    announce("see", 1)
    Delivery.objects.update(delivered_at=Now() - timedelta(days=8))

    call_command("shopkit_deliver", stdout=StringIO())

    assert not Delivery.objects.exists()
