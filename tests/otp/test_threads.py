"""A few at once, on every engine: SQLite serialises writers and must come to the same answers."""

from datetime import timedelta

import pytest

from shopkit.otp.models import Challenge
from shopkit.otp.services import verify
from shopkit.otp.testing import code_of, wrong_code_of
from tests.threads import at_once, kinds

from .conftest import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_sends(settings):
    """Sending is not what is raced here."""
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}


def test_one_of_ten_right_answers_wins():
    issued = ask()
    code = code_of(issued.challenge)

    outcomes = at_once(
        [lambda: verify(challenge=issued.challenge, code=code, purpose="sign_in")] * 10
    )

    assert kinds(outcomes) == {"ok": 1, "InvalidCode": 9}


def test_ten_wrong_answers_leave_nothing_to_guess():
    issued = ask()
    wrong = wrong_code_of(issued.challenge)

    outcomes = at_once(
        [lambda: verify(challenge=issued.challenge, code=wrong, purpose="sign_in")] * 10
    )

    assert kinds(outcomes) == {"InvalidCode": 10}
    assert Challenge.objects.get().attempts == 5


def test_ten_requests_make_one_code_and_a_budget_of_three_lets_three_through(otp):
    assert kinds(at_once([ask] * 10)) == {"ok": 1, "RateLimited": 9}

    otp(RESEND_AFTER=timedelta(0), PER_ADDRESS=("3/hour",))
    outcomes = at_once([lambda n=n: ask(destination=f"+99890123450{n}") for n in range(10)])

    assert kinds(outcomes) == {"ok": 3, "RateLimited": 7}
