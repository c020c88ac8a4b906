"""Asking for a code."""

import logging
from datetime import timedelta
from re import sub

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from shopkit.core.errors import RateLimited
from shopkit.core.models import Delivery
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Budget, Challenge
from shopkit.otp.services import note, unlock, verify
from shopkit.otp.testing import code_of

from .conftest import PHONE, ROOMY, ask

pytestmark = pytest.mark.django_db


def lift_pause():
    Challenge.objects.update(resend_at=F("created_at"))


def shape(sql):
    """Return a statement without its values."""
    return sub(r"'[^']*'|\s*-?\d+|\bNULL\b|[{].*?[}]", "?", sql.partition('"s')[0] or sql)


def refused(**changes):
    """Ask, and return the code of the field error; nothing may have been stored."""
    with pytest.raises(ValidationError) as refusal:
        ask(**changes)
    assert not Challenge.objects.exists()
    assert not Budget.objects.exists()
    [(field, [error])] = refusal.value.error_dict.items()
    return field, error.code


def test_the_answer_names_the_challenge_and_its_times():
    issued = ask(user_ref="7", payload={"phone": "+998901112233"})

    row = Challenge.objects.get()
    assert (issued.challenge, issued.channel) == (row.pk, "sms")
    assert issued.expires_at == row.expires_at
    assert issued.resend_at == row.resend_at
    assert (
        timedelta(minutes=4, seconds=59)
        < row.expires_at - row.created_at
        <= timedelta(minutes=5, seconds=1)
    )
    assert timedelta(seconds=59) < row.resend_at - row.created_at <= timedelta(seconds=61)
    assert (row.attempts, row.max_attempts, row.handle) == (0, 5, "")
    assert (row.user_ref, row.payload) == ("7", {"phone": "+998901112233"})


def test_the_code_goes_out_after_the_commit_and_is_stored_nowhere(
    outbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        issued = ask()
        assert outbox == []

    [message] = outbox
    assert message.code == code_of(issued.challenge)
    assert (message.destination, message.language, message.minutes) == (PHONE, "uz", 5)
    row = Challenge.objects.values().get()
    row["payload"] = str(row["payload"])
    assert not any(str(value) == message.code for value in row.values())
    assert row["sent_at"] is not None
    delivery = Delivery.objects.get()
    assert delivery.ids == {"challenge": str(issued.challenge)}
    assert delivery.delivered_at is not None
    assert message.code not in repr(message)


def test_nothing_logs_the_code_or_the_number(caplog, outbox, django_capture_on_commit_callbacks):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    with django_capture_on_commit_callbacks(execute=True):
        issued = ask()
    with pytest.raises(InvalidCode):
        verify(challenge=issued.challenge, code="000000x", purpose="sign_in")

    assert outbox[0].code not in caplog.text
    assert PHONE not in caplog.text


@pytest.mark.parametrize(
    "spelling",
    ["901234567", "998901234567", "+998 90 123-45-67", "(90) 123 45 67", "+٩٩٨٩٠١٢٣٤٥٦٧"],
)
def test_every_spelling_of_a_number_is_one_destination(spelling):
    ask(destination=spelling)

    assert Challenge.objects.get().destination == PHONE


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"destination": "12"}, "phone", "invalid_phone"),
        ({"destination": ""}, "phone", "invalid_phone"),
        ({"destination": "+998612223344"}, "phone", "not_mobile"),
        ({"destination": "+79161234567"}, "phone", "country_not_served"),
        ({"destination": "+18005550199"}, "phone", "country_not_served"),
        ({"destination": "no@", "channel": "email"}, "email", "invalid"),
        ({"destination": f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 60}.uz", "channel": "email"},
         "email", "invalid"),
        ({"destination": "telegram:abc", "channel": "telegram"}, "destination", "invalid"),
        ({"channel": "pigeon"}, "channel", "unknown_channel"),
    ],
)  # fmt: skip
def test_what_cannot_be_reached_is_refused_and_counts_nothing(changes, field, code):
    assert refused(**changes) == (field, code)


def test_a_premium_number_is_refused_also_where_all_countries_are_served(otp):
    otp(COUNTRIES=None)

    assert refused(destination="+78091234567") == ("phone", "not_mobile")
    assert ask(destination="+79161234567").channel == "sms"


def test_a_channel_that_costs_nothing_reaches_every_country():
    ask(channel="email", destination="+79161234567")

    assert Challenge.objects.get().destination == "+79161234567"


def test_an_address_is_one_whatever_its_case(otp):
    otp(PER_DESTINATION=("1/hour",), RESEND_AFTER=timedelta(0))
    ask(channel="email", destination=" Anna@Example.COM ")

    assert Challenge.objects.get().destination == "anna@example.com"
    with pytest.raises(RateLimited):
        ask(channel="email", destination="anna@example.com")


def test_a_channel_that_does_not_take_the_destination_is_refused(otp):
    otp(CHANNELS={"email": "shopkit.otp.channels.email.EmailChannel"})

    assert refused(channel="email") == ("channel", "wrong_channel")


@pytest.mark.parametrize("purpose", ["", "Sign in", "a|b", "x" * 51])
def test_a_purpose_is_a_short_slug(purpose):
    with pytest.raises(ValueError, match="purpose"):
        ask(purpose=purpose)


def test_a_new_code_ends_the_one_before():
    first = ask()
    lift_pause()
    second = ask()

    assert Challenge.objects.get(pk=first.challenge).voided_at is not None
    with pytest.raises(InvalidCode):
        verify(challenge=first.challenge, code=code_of(first.challenge), purpose="sign_in")
    assert Challenge.objects.get(pk=first.challenge).attempts == 0
    assert (
        verify(
            challenge=second.challenge, code=code_of(second.challenge), purpose="sign_in"
        ).destination
        == PHONE
    )


def test_codes_for_two_purposes_live_side_by_side():
    first, second = ask(), ask(purpose="password_reset")

    assert Challenge.objects.live().count() == 2
    assert code_of(first.challenge) != code_of(second.challenge)


@pytest.mark.parametrize(
    "changes", [{}, {"client_address": "203.0.113.9"}, {"channel": "telegram"}, {"user_ref": "8"}]
)
def test_a_second_code_within_the_pause_is_refused_whoever_asks(changes, outbox):
    first = ask()

    with pytest.raises(RateLimited) as refusal:
        ask(**changes)

    assert 1 <= refusal.value.details["retry_after"] <= 60
    assert list(Challenge.objects.live().values_list("pk", flat=True)) == [first.challenge]
    assert Delivery.objects.count() == 1


def test_being_refused_by_the_pause_uses_up_no_budget(otp):
    otp(PER_ADDRESS=("9/hour",), PER_DESTINATION=("9/hour",))
    ask()
    with pytest.raises(RateLimited):
        ask()

    assert set(Budget.objects.values_list("used", flat=True)) == {1}


def test_an_answered_code_ends_the_pause():
    issued = ask()
    verify(challenge=issued.challenge, code=code_of(issued.challenge), purpose="sign_in")

    assert ask().challenge != issued.challenge


@pytest.mark.parametrize(
    ("budget", "same"),
    [
        ({"PER_DESTINATION": ("2/minute",)}, {}),
        ({"PER_DESTINATION": ("2/hour",)}, {"channel": "telegram"}),
        ({"PER_DESTINATION": ("9/minute", "2/day")}, {"purpose": "other"}),
        ({"PER_PREFIX": ("2/hour",)}, {"destination": "+998901239999"}),
        ({"PER_ADDRESS": ("2/hour",)}, {"destination": "+998931112233"}),
        ({"PER_CHANNEL": ("2/hour",)}, {"destination": "+998931112233", "client_address": "::"}),
    ],
)
def test_a_budget_that_is_used_up_refuses_and_says_for_how_long(otp, budget, same, outbox):
    otp(RESEND_AFTER=timedelta(0), **budget)
    ask()
    ask()

    with pytest.raises(RateLimited) as refusal:
        ask(**same)

    longest = {"minute": 60, "hour": 3600, "day": 86400}[budget.popitem()[1][-1].split("/")[1]]
    assert longest - 5 <= refusal.value.details["retry_after"] <= longest
    assert Challenge.objects.count() == 2


@pytest.mark.parametrize(
    ("budget", "other"),
    [
        ({"PER_DESTINATION": ("1/hour",)}, {"destination": "+998901234568"}),
        ({"PER_PREFIX": ("1/hour",)}, {"destination": "+998902234568"}),
        ({"PER_PREFIX": ("1/hour",)}, {"channel": "telegram"}),
        ({"PER_ADDRESS": ("1/hour",)}, {"client_address": "192.0.2.2"}),
        ({"PER_ADDRESS": ("1/hour",)}, {"client_address": None}),
        ({"PER_CHANNEL": ("1/hour",)}, {"channel": "email", "destination": "a@example.com"}),
    ],
)
def test_a_budget_is_everybodys_own(otp, budget, other):
    otp(RESEND_AFTER=timedelta(0), **budget)
    ask()

    ask(**other)

    assert Challenge.objects.count() == 2


def test_a_window_that_ended_begins_anew(otp):
    otp(RESEND_AFTER=timedelta(0), PER_ADDRESS=("1/hour",))
    ask()
    Budget.objects.update(ends_at=F("ends_at") - timedelta(hours=1))

    ask()

    budget = Budget.objects.get()
    assert budget.used == 1
    with pytest.raises(RateLimited):
        ask()


def test_whoever_is_refused_uses_up_nobody_elses_budget(otp):
    otp(RESEND_AFTER=timedelta(0), PER_ADDRESS=("1/hour",), PER_DESTINATION=("2/hour",))
    ask(destination="+998931112233")
    for _ in range(5):
        with pytest.raises(RateLimited):
            ask()

    assert ask(client_address="192.0.2.2").channel == "sms"


def test_what_was_counted_is_kept_when_the_code_is_refused_later(otp):
    otp(RESEND_AFTER=timedelta(0), PER_ADDRESS=("9/hour",), PER_DESTINATION=("1/hour",))
    ask()
    for _ in range(3):
        with pytest.raises(RateLimited):
            ask()

    assert Budget.objects.get(scope="address").used == 4


def test_unlocking_lets_a_destination_ask_again(otp):
    otp(RESEND_AFTER=timedelta(0), PER_DESTINATION=("1/minute", "1/day"))
    ask()

    assert unlock(key=PHONE) == 1 + 1
    assert ask().channel == "sms"


@pytest.mark.parametrize("destination", [PHONE, "anna", "Who@", "+99890"])
def test_a_decoy_looks_alike_is_never_sent_and_never_right(
    outbox, destination, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        issued = ask(destination=destination, is_decoy=True)

    assert outbox == []
    row = Challenge.objects.get()
    assert (issued.expires_at, issued.resend_at) == (row.expires_at, row.resend_at)
    assert Delivery.objects.get().delivered_at is not None
    with pytest.raises(RateLimited):
        ask(destination=destination, is_decoy=True)
    with pytest.raises(InvalidCode):
        verify(challenge=issued.challenge, code=code_of(issued.challenge), purpose="sign_in")
    row.refresh_from_db()
    assert (row.attempts, row.consumed_at) == (1, None)


def test_known_and_unknown_cost_the_same_statements(otp):
    otp(**{name: ("9/hour",) for name in ROOMY if name != "CHANNELS"})
    ask()
    shapes = []
    for number, is_decoy in enumerate((False, True)):
        with CaptureQueriesContext(connection) as found:
            ask(destination=f"+99890123456{number}", is_decoy=is_decoy)
        shapes.append([shape(one["sql"]) for one in found.captured_queries])

    assert shapes[0] == shapes[1]
    assert len(shapes[0]) > 8


def test_the_database_refuses_a_second_live_one():
    ask()
    twin = Challenge.objects.get()
    twin.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.bulk_create([twin])


@pytest.mark.parametrize(
    "wrong",
    [{"attempts": 6}, {"consumed_at": F("created_at"), "voided_at": F("created_at")},
     {"expires_at": F("created_at")}, {"nonce": ""}, {"destination": ""}],
)  # fmt: skip
def test_the_database_refuses_rows_that_cannot_be(wrong):
    ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.update(**wrong)


def test_a_name_for_a_destination_has_a_pause_and_a_budget_of_its_own(otp):
    otp(PER_DESTINATION=("2/hour",))
    first = ask(asked_as="Anna")
    second = ask()

    with pytest.raises(RateLimited):
        ask(asked_as=" anna ")
    with pytest.raises(RateLimited):
        ask()
    lift_pause()
    third = ask(asked_as="anna")
    ask()
    lift_pause()
    for name in ("anna", ""):
        with pytest.raises(RateLimited):
            ask(asked_as=name)
    # One destination has one live code, whatever it was called.
    for earlier in (first, second, third):
        with pytest.raises(InvalidCode):
            verify(challenge=earlier.challenge, code=code_of(earlier.challenge), purpose="sign_in")
    assert Challenge.objects.live().count() == 1


def test_a_name_that_leads_nowhere_is_refused_like_one_that_does(otp):
    otp(PER_DESTINATION=("1/hour",))
    costs = []
    for given in ({"destination": PHONE}, {"destination": "nobody", "is_decoy": True}):
        with CaptureQueriesContext(connection) as seen:
            ask(asked_as=f"name of {given['destination']}", **given)
        costs.append(len(seen))
        lift_pause()
        with pytest.raises(RateLimited):
            ask(asked_as=f"name of {given['destination']}", **given)

    assert costs[0] == costs[1]


def test_what_is_kept_with_an_answered_challenge_stands_beside_what_was_handed_in():
    issued = ask(payload={"new": "value"})
    verified = verify(challenge=issued.challenge, code=code_of(issued.challenge), purpose="sign_in")

    note(verified, old=[PHONE])

    assert Challenge.objects.get().payload == {"new": "value", "old": [PHONE]}
