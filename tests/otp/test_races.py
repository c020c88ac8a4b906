"""Many at once: guesses, right answers, requests for codes, budgets."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from shopkit.otp.codes import derive
from shopkit.otp.conf import Rate
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Budget, Challenge
from shopkit.otp.services import budgets, verify, verify_by_handle
from shopkit.otp.services.budgets import Purse, purses, spend, unlock
from shopkit.otp.testing import code_of, wrong_code_of
from tests.threads import at_once, kinds

from .conftest import PHONE, ask

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
MANY = 50
CLIENTS = 100
GUESSES = 5_000


@pytest.fixture(autouse=True)
def nobody_sends(settings):
    """Sending is not what is raced here."""
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}


@pytest.fixture
def evaluated(monkeypatch):
    """The challenge of every comparison, as it is made; a stand-in has an id of its own."""
    made = []

    def noting(challenge):
        made.append(challenge.pk)
        return derive(challenge)

    monkeypatch.setattr("shopkit.otp.services.verifying.derive", noting)
    return made


def naive_verify(challenge, code, *, everybody_has_read, evaluated):
    """Read, compare, then write: what must not be done."""
    row = Challenge.objects.get(pk=challenge)
    everybody_has_read.wait(30)
    if row.consumed_at is not None or row.attempts >= row.max_attempts:
        return False
    evaluated.append(code)
    if constant_time_compare(code, derive(row)):
        Challenge.objects.filter(pk=challenge).update(consumed_at=F("created_at"))
        return True
    # Even counted exactly, it is counted too late.
    Challenge.objects.filter(pk=challenge, attempts__lt=F("max_attempts")).update(
        attempts=F("attempts") + 1
    )
    return False


def test_one_of_fifty_right_answers_at_once_wins():
    issued = ask()
    code = code_of(issued.challenge)

    outcomes = at_once(
        [lambda: verify(challenge=issued.challenge, code=code, purpose="sign_in")] * MANY,
        together=MANY,
    )

    assert kinds(outcomes) == {"ok": 1, "InvalidCode": MANY - 1}
    row = Challenge.objects.get()
    assert row.consumed_at is not None
    assert 1 <= row.attempts <= 5


def test_reading_before_writing_would_let_all_of_them_in():
    issued = ask()
    code = code_of(issued.challenge)
    barrier = threading.Barrier(10)

    outcomes = at_once(
        [lambda: naive_verify(issued.challenge, code, everybody_has_read=barrier, evaluated=[])]
        * 10
    )

    assert outcomes == [True] * 10


@pytest.mark.parametrize("by_handle", [False, True], ids=["by id", "by handle"])
def test_of_five_thousand_guesses_from_a_hundred_addresses_five_are_evaluated(evaluated, by_handle):
    issued = ask(channel="telegram")
    row = Challenge.objects.get()
    right = code_of(issued.challenge)
    wrong = [number for number in range(GUESSES + 1) if f"{number:06d}" != right][:GUESSES]
    refusals = []

    def client(index):
        for number in wrong[index::CLIENTS]:
            try:
                if by_handle:
                    verify_by_handle(
                        code=f"{row.handle}{number:06d}",
                        purpose="sign_in",
                        client_address=f"203.0.113.{index}",
                    )
                else:
                    verify(challenge=issued.challenge, code=f"{number:06d}", purpose="sign_in")
            except Exception as error:  # noqa: BLE001 - counted below
                refusals.append(type(error).__name__)

    at_once([lambda index=index: client(index) for index in range(CLIENTS)], together=20)

    assert set(refusals) == {"InvalidCode"}
    assert len(refusals) == GUESSES
    assert evaluated.count(issued.challenge) == 5
    # The rest took the same time over a stand-in.
    assert len(evaluated) == GUESSES
    row.refresh_from_db()
    assert row.attempts == row.max_attempts == 5
    with pytest.raises(InvalidCode):
        verify(challenge=issued.challenge, code=right, purpose="sign_in")


def test_counting_after_comparing_would_evaluate_more():
    issued = ask()
    barrier = threading.Barrier(20)
    evaluated = []
    wrong = wrong_code_of(issued.challenge)

    at_once(
        [
            lambda: naive_verify(
                issued.challenge, wrong, everybody_has_read=barrier, evaluated=evaluated
            )
        ]
        * 20
    )

    assert len(evaluated) == 20
    assert Challenge.objects.get().attempts == 5


def test_of_many_requests_at_once_for_one_number_one_gets_a_code():
    outcomes = at_once([ask] * 40)

    assert kinds(outcomes) == {"ok": 1, "RateLimited": 39}
    assert Challenge.objects.count() == 1


def test_requests_at_once_leave_one_live_code_also_without_a_pause(otp):
    otp(RESEND_AFTER=timedelta(0))

    outcomes = at_once([ask] * 40)

    assert kinds(outcomes) == {"ok": 40}
    assert Challenge.objects.unspent().count() == 1
    assert Challenge.objects.count() == 40


def test_without_the_lock_the_database_would_have_to_refuse_with_an_error():
    ask()
    pattern = Challenge.objects.values().get()
    everybody_has_withdrawn = threading.Barrier(10)

    def naive():
        Challenge.objects.filter(destination=PHONE).unspent().update(voided_at=Now())
        everybody_has_withdrawn.wait(30)
        Challenge.objects.create(**{**pattern, "id": uuid4()})

    assert kinds(at_once([naive] * 10)) == {"ok": 1, "IntegrityError": 9}


@pytest.mark.parametrize(
    ("budget", "spread"),
    [
        ({"PER_ADDRESS": ("7/hour",)}, lambda n: {"destination": f"+9989012345{n:02d}"}),
        ({"PER_PREFIX": ("7/hour",)}, lambda n: {"destination": f"+9989012345{n:02d}"}),
        (
            {"PER_CHANNEL": ("7/hour",), "PER_ADDRESS": ("1/hour",)},
            lambda n: {"destination": f"+9989012345{n:02d}", "client_address": f"203.0.113.{n}"},
        ),
        ({"PER_DESTINATION": ("7/hour",)}, lambda n: {"purpose": f"purpose{n}"}),
    ],
)
def test_a_budget_is_exact_among_forty_at_once(otp, budget, spread):
    otp(**budget)

    outcomes = at_once([lambda n=n: ask(**spread(n)) for n in range(40)])

    assert kinds(outcomes) == {"ok": 7, "RateLimited": 33}
    assert Challenge.objects.count() == 7


def test_a_window_that_ends_under_forty_at_once_begins_once(otp):
    otp(PER_ADDRESS=("7/hour",))
    ask(destination="+998931112233")
    Budget.objects.update(used=7, ends_at=F("ends_at") - timedelta(hours=1))

    outcomes = at_once([lambda n=n: ask(destination=f"+9989012345{n:02d}") for n in range(40)])

    assert kinds(outcomes) == {"ok": 7, "RateLimited": 33}
    assert Budget.objects.get().used == 7


def test_reading_a_counter_before_writing_it_would_let_more_through():
    purse = Purse("address", "192.0.2.1", Rate(5, 3600))
    with budgets.transaction.atomic():
        budgets.spend([purse])
    everybody_has_read = threading.Barrier(20)

    def naive():
        row = Budget.objects.get()
        everybody_has_read.wait(30)
        if row.used >= purse.rate.most:
            return False
        row.used += 1
        row.save()
        return True

    assert at_once([naive] * 20) == [True] * 20
    assert Budget.objects.get().used == 2


def test_requests_from_everywhere_for_everybody_do_not_deadlock(otp):
    otp(
        RESEND_AFTER=timedelta(0),
        PER_ADDRESS=("999/hour", "999/day"),
        PER_DESTINATION=("999/minute", "999/hour"),
        PER_PREFIX=("999/hour",),
        PER_CHANNEL=("9999/hour",),
    )

    def call(number):
        return ask(
            channel=("sms", "telegram", "email")[number % 3],
            destination=f"+99890123450{number % 4}",
            client_address=f"192.0.2.{number % 3}",
            purpose=f"purpose{number % 2}",
        )

    outcomes = at_once([lambda n=n: call(n) for n in range(120)])

    assert kinds(outcomes) == {"ok": 120}
    assert Challenge.objects.unspent().count() <= 8
    assert sum(Budget.objects.filter(scope="channel").values_list("used", flat=True)) == 120


def is_somebody_waiting():
    """Say whether another connection waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def test_counting_and_forgetting_what_was_counted_do_not_deadlock():
    both = purses("logins_of_name", "anna", ("10/minute", "100/day"))
    with transaction.atomic():
        spend(both)
    # Another try after the minute: that row is now the younger of the two on the disk.
    Budget.objects.filter(seconds=60).update(ends_at=F("ends_at") - timedelta(minutes=1))
    with transaction.atomic():
        spend(both)
    has_taken_one = threading.Event()

    def count():
        with transaction.atomic():
            spend(both[:1])
            has_taken_one.set()
            deadline = time.monotonic() + 30
            while not is_somebody_waiting() and time.monotonic() < deadline:
                time.sleep(0.01)
            spend(both[1:])

    def forget():
        has_taken_one.wait(30)
        unlock(key="anna")

    assert kinds(at_once([count, forget])) == {"ok": 2}
    assert not Budget.objects.exists()
