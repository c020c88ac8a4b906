"""Checking a code."""

from datetime import timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F

from shopkit.core.errors import RateLimited
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Challenge
from shopkit.otp.services import (
    Verified,
    find_by_handle,
    give_back,
    verify,
    verify_by_handle,
    void,
)
from shopkit.otp.testing import code_of, wrong_code_of

from .conftest import PHONE, ask

pytestmark = pytest.mark.django_db


def answer(issued, code=None, **changes):
    right = code_of(issued.challenge) if code is None else code
    given = {"challenge": issued.challenge, "code": right, "purpose": "sign_in"}
    return verify(**{**given, **changes})


def refused(issued, *, attempts, code=None, **changes):
    """Answer, and see the one refusal there is; nothing is consumed."""
    with pytest.raises(InvalidCode) as refusal:
        answer(issued, code, **changes)
    row = Challenge.objects.get(pk=issued.challenge)
    assert row.consumed_at is None
    assert row.attempts == attempts
    assert refusal.value.code == "invalid_code"
    return str(refusal.value.messages[0])


def test_the_right_code_gives_back_what_was_handed_in():
    issued = ask(user_ref="7", payload={"new": "value"})

    found = answer(issued)

    assert found == Verified(issued.challenge, PHONE, "sms", "7", {"new": "value"}, "uz")
    row = Challenge.objects.get()
    assert row.consumed_at is not None
    assert (row.attempts, row.voided_at) == (1, None)


def test_a_code_works_once():
    issued = ask()
    answer(issued)

    with pytest.raises(InvalidCode):
        answer(issued)

    assert Challenge.objects.get().attempts == 1


def test_five_wrong_guesses_make_the_right_code_worthless():
    issued = ask()
    wrong = wrong_code_of(issued.challenge)
    for number in range(1, 6):
        refused(issued, code=wrong, attempts=number)

    refused(issued, attempts=5)


def test_the_fifth_guess_may_be_right():
    issued = ask()
    for number in range(1, 5):
        refused(issued, code=wrong_code_of(issued.challenge), attempts=number)

    assert answer(issued).destination == PHONE


def test_every_refusal_reads_the_same():
    told = []
    told.append(refused(ask(destination="+998901110001"), code="", attempts=1))
    told.append(refused(ask(destination="+998901110002"), code="12345", attempts=1))
    told.append(refused(ask(destination="+998901110003"), purpose="password_reset", attempts=0))
    told.append(refused(ask(destination="+998901110004", user_ref="7"), user_ref="8", attempts=0))
    used = ask(destination="+998901110005")
    answer(used)
    expired = ask(destination="+998901110006")
    Challenge.objects.filter(pk=expired.challenge).update(
        created_at=F("created_at") - timedelta(minutes=6),
        expires_at=F("expires_at") - timedelta(minutes=6),
    )
    told.append(refused(expired, attempts=0))
    withdrawn = ask(destination="+998901110007")
    void(challenge=withdrawn.challenge)
    told.append(refused(withdrawn, attempts=0))
    for other in (used.challenge, uuid4(), str(uuid4()), "no uuid", ""):
        with pytest.raises(InvalidCode) as refusal:
            verify(challenge=other, code="123456", purpose="sign_in")
        told.append(str(refusal.value.messages[0]))

    assert set(told) == {"This code is not valid. Check it, or ask for a new one."}


def test_a_code_for_one_challenge_does_not_answer_another():
    first, second = ask(), ask(destination="+998901110001")

    refused(second, code=code_of(first.challenge), attempts=1)


def test_the_same_user_is_let_through():
    assert answer(ask(user_ref="7"), user_ref="7").user_ref == "7"


def test_a_process_whose_clock_stands_still_judges_by_the_database_s(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 0.0)
    fresh, stale = ask(), ask(destination="+998901110001")
    short = F("created_at") + timedelta(milliseconds=1)
    Challenge.objects.filter(pk=stale.challenge).update(expires_at=short)
    sleep(0.05)

    refused(stale, attempts=0)
    assert answer(fresh).destination == PHONE


@pytest.mark.parametrize(
    "spelling", ["{0} {1}", "{0}-{1}", " {0}{1} ", "{0}\u00a0{1}", "\u200e{0}\u2013{1}"]
)
def test_a_code_is_understood_as_people_type_it(spelling):
    issued = ask()
    code = code_of(issued.challenge)

    assert answer(issued, spelling.format(code[:3], code[3:])).destination == PHONE


@pytest.mark.parametrize("zero", [0x660, 0x6F0, 0xFF10])
def test_digits_of_other_scripts_count(zero):
    issued = ask()
    code = "".join(chr(zero + int(digit)) for digit in code_of(issued.challenge))

    assert answer(issued, code).destination == PHONE


def test_a_code_outlives_the_rotation_of_its_key(otp):
    otp(KEYS={"one": "1" * 40})
    issued = ask()
    code = code_of(issued.challenge)
    otp(KEYS={"two": "2" * 40, "one": "1" * 40})
    newer = ask(destination="+998901110001")

    assert Challenge.objects.get(pk=newer.challenge).key_id == "two"
    assert answer(issued, code).destination == PHONE


def test_a_code_does_not_outlive_its_key(otp):
    otp(KEYS={"one": "1" * 40})
    issued = ask()
    code = code_of(issued.challenge)
    otp(KEYS={"two": "2" * 40})

    refused(issued, code=code, attempts=1)
    refused(issued, code="", attempts=2)


def test_changing_the_length_does_not_touch_codes_on_their_way(otp):
    issued = ask()
    otp(CODE_LENGTH=8)

    assert len(code_of(issued.challenge)) == 6
    assert answer(issued).destination == PHONE
    assert len(code_of(ask(destination="+998901110001").challenge)) == 8


@pytest.mark.django_db(transaction=True)
def test_an_attempt_in_somebodys_transaction_is_refused_loudly():
    issued = ask()

    for call in (lambda: answer(issued), lambda: ask(destination="+998901110001")):
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            call()

    assert Challenge.objects.get().attempts == 0


@pytest.mark.django_db(transaction=True)
def test_an_attempt_is_committed_before_the_code_is_looked_at(monkeypatch):
    issued = ask()
    seen = []

    def crash(*_):
        seen.append(not transaction.get_connection().in_atomic_block)
        raise SystemError("the process dies here")

    monkeypatch.setattr("shopkit.otp.services.verifying.constant_time_compare", crash)
    with pytest.raises(SystemError):
        answer(issued)

    assert seen == [True]
    assert Challenge.objects.get().attempts == 1


def test_withdrawing_names_what_it_withdraws():
    first = ask(user_ref="7")
    second = ask(user_ref="8", destination="+998901110001")

    assert void(user_ref="7") == 1
    assert void(user_ref="7") == 0
    assert void(destination="+998901110001", purpose="other") == 0
    refused(first, attempts=0)
    assert answer(second).user_ref == "8"
    assert void(destination="+998901110001") == 0
    with pytest.raises(ValueError, match="Name"):
        void(purpose="sign_in")


# Handles


def answered(**changes):
    """Return a code's challenge, the code, and what answering it gave."""
    issued = ask(**changes)
    code = code_of(issued.challenge)
    return (
        issued.challenge,
        code,
        verify(challenge=issued.challenge, code=code, purpose="sign_in"),
    )


def test_a_code_that_is_given_back_can_be_answered_once_more_within_its_tries(otp):
    otp(MAX_ATTEMPTS=2)
    challenge, code, verified = answered()

    assert give_back(verified) is True
    again = verify(challenge=challenge, code=code, purpose="sign_in")
    assert give_back(again) is True
    with pytest.raises(InvalidCode):
        verify(challenge=challenge, code=code, purpose="sign_in")


def test_a_code_is_not_given_back_beside_a_later_one():
    challenge, code, verified = answered()
    later = ask()

    assert give_back(verified) is False
    with pytest.raises(InvalidCode):
        verify(challenge=challenge, code=code, purpose="sign_in")
    verify(challenge=later.challenge, code=code_of(later.challenge), purpose="sign_in")


def test_what_was_not_answered_is_not_given_back():
    _challenge, _code, verified = answered()

    assert [give_back(verified), give_back(verified)] == [True, False]


def test_a_code_with_its_handle_needs_no_challenge(outbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        issued = ask(channel="telegram")
    shown = outbox[0].grouped

    assert [len(part) for part in shown.split(" ")] == [4, 3, 3]
    assert find_by_handle(code=shown, purpose="sign_in") == issued.challenge
    assert find_by_handle(code=shown, purpose="other") is None
    found = verify_by_handle(code=shown, purpose="sign_in", client_address="192.0.2.1")
    assert found.challenge == issued.challenge
    with pytest.raises(InvalidCode):
        verify_by_handle(code=shown, purpose="sign_in", client_address="192.0.2.1")


@pytest.mark.parametrize("with_handle", [True, False])
def test_who_knows_the_challenge_may_type_the_handle_or_not(with_handle):
    issued = ask(channel="telegram")
    handle = Challenge.objects.get().handle

    assert answer(issued, (handle if with_handle else "") + code_of(issued.challenge)).channel


def test_a_wrong_handle_before_the_right_code_is_wrong():
    issued = ask(channel="telegram")
    handle = Challenge.objects.get().handle
    other = f"{(int(handle) + 1) % 10_000:04d}"

    refused(issued, code=other + code_of(issued.challenge), attempts=1)


@pytest.mark.parametrize("code", ["", "1", "123456", "0000123456", "x", "1" * 64])
def test_a_handle_that_finds_nothing_is_refused_alike(code):
    ask()

    with pytest.raises(InvalidCode):
        verify_by_handle(code=code, purpose="sign_in", client_address="192.0.2.1")

    assert Challenge.objects.get().attempts == 0


def test_guesses_by_handle_are_counted_per_network_address(otp):
    otp(GUESSES_PER_ADDRESS=("3/hour",))
    ask(channel="telegram")
    guess = {"code": "0000 000 000", "purpose": "sign_in", "client_address": "192.0.2.1"}
    for _ in range(3):
        with pytest.raises(InvalidCode):
            verify_by_handle(**guess)

    with pytest.raises(RateLimited) as refusal:
        verify_by_handle(**guess)

    assert 3500 < refusal.value.details["retry_after"] <= 3600
    with pytest.raises(InvalidCode):
        verify_by_handle(**{**guess, "client_address": "192.0.2.2"})


def test_handles_grow_when_many_are_live():
    ask(channel="telegram")
    pattern = Challenge.objects.get()
    rows = [
        Challenge(
            purpose="sign_in", channel="telegram", destination=f"telegram:{number}",
            nonce="0" * 32, key_id="x", length=6, handle=f"{number:05d}", max_attempts=5,
            created_at=pattern.created_at, resend_at=pattern.resend_at,
            expires_at=pattern.expires_at,
        )
        for number in range(1_000)
    ]  # fmt: skip
    Challenge.objects.bulk_create(rows)

    issued = ask(channel="telegram", destination="+998901110001")

    assert len(Challenge.objects.get(pk=issued.challenge).handle) == 5
    assert len(pattern.handle) == 4


def test_a_handle_in_use_is_not_given_again(monkeypatch):
    numbers = iter([4711, 4711, 815])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(numbers))
    ask(channel="telegram")
    ask(channel="telegram", destination="+998901110001")

    assert sorted(Challenge.objects.values_list("handle", flat=True)) == ["0815", "4711"]


def test_the_handle_of_an_expired_code_is_free_again(monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _: 4711)
    first = ask(channel="telegram")
    Challenge.objects.update(
        created_at=F("created_at") - timedelta(hours=1),
        expires_at=F("expires_at") - timedelta(hours=1),
    )

    second = ask(channel="telegram", destination="+998901110001")

    assert Challenge.objects.get(pk=first.challenge).voided_at is not None
    assert find_by_handle(code="4711 000000", purpose="sign_in") == second.challenge
