"""Forgotten passwords: a code to one's own contact, and nothing that tells who is known."""

from datetime import timedelta

import pytest
from django.core import mail

from shopkit.accounts.models import (
    EmailAddress,
    PhoneNumber,
)
from shopkit.core.facts import deliver_all
from shopkit.otp.testing import code_of

from .calls import PASSWORD, errors_of, get, log_in, post

pytestmark = pytest.mark.django_db
MAIL = "anna@example.com"
OTHER = "other@example.com"
PHONE = "+998901234567"
NEW = "another-good-passphrase-8"


@pytest.fixture(autouse=True)
def site(settings):
    otp = {"PER_ADDRESS": (), "PER_DESTINATION": (), "RESEND_AFTER": timedelta(0)}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": otp}


@pytest.fixture
def proven(anna):
    EmailAddress.objects.create(user=anna, address=MAIL)
    PhoneNumber.objects.create(user=anna, number=PHONE)
    return anna


def ask(**body):
    answer = post("auth/otp/", body)
    assert answer.status_code == 202, answer.data
    return answer.data["challenge"]


def answer(challenge, path="auth/otp/verify/", *, access="", **more):
    body = {"challenge": challenge, "code": code_of(challenge), **more}
    return post(path, body, access=access)


@pytest.mark.parametrize("identifier", [MAIL, "ANNA@example.com", "anna"])
def test_a_forgotten_password_is_set_anew_and_everything_else_ends(proven, tokens, identifier):
    asked = post("auth/password/forgot/", {"identifier": identifier})
    other = ask(channel="email", email=MAIL)
    mail.outbox.clear()

    done = answer(asked.data["challenge"], "auth/password/reset/", new_password=NEW)

    assert asked.status_code == 202
    assert done.status_code == 204
    assert get("profile/", access=tokens["access"]).status_code == 401
    assert answer(other).status_code == 400
    assert log_in("anna", NEW)
    deliver_all()
    assert any("password" in one.subject.lower() for one in mail.outbox)


@pytest.mark.parametrize("identifier", ["nobody", "nobody@example.com"])
def test_an_unknown_account_is_answered_alike_and_nothing_is_sent(proven, identifier):
    known = post("auth/password/forgot/", {"identifier": MAIL})
    unknown = post("auth/password/forgot/", {"identifier": identifier})

    assert (unknown.status_code, unknown.data.keys()) == (202, known.data.keys())
    deliver_all()
    assert {one.to[0] for one in mail.outbox} == {MAIL}
    refused = answer(unknown.data["challenge"], "auth/password/reset/", new_password=NEW)
    assert refused.data["code"] == "invalid_code"


def test_a_poor_new_password_does_not_use_the_code_up(proven):
    challenge = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]

    poor = answer(challenge, "auth/password/reset/", new_password="short")

    assert errors_of(poor) == [("new_password", "password_too_short")]
    assert answer(challenge, "auth/password/reset/", new_password=NEW).status_code == 204


def test_a_new_password_too_like_its_owner_does_not_use_the_code_up(proven, settings):
    likeness = "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": likeness, "OPTIONS": {"user_attributes": [type(proven).USERNAME_FIELD]}}
    ]
    challenge = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]

    alike = answer(challenge, "auth/password/reset/", new_password=proven.get_username() + "1")

    assert errors_of(alike) == [("new_password", "password_too_similar")]
    assert answer(challenge, "auth/password/reset/", new_password=NEW).status_code == 204


def test_a_code_that_signs_in_resets_nothing(proven):
    challenge = ask(channel="email", email=MAIL)

    assert answer(challenge, "auth/password/reset/", new_password=NEW).status_code == 400
    proven.refresh_from_db()
    assert proven.check_password(PASSWORD)


def test_a_name_and_its_address_are_asked_for_apart_and_nobody_sees_that_they_are_one(
    proven, settings
):
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": {"PER_DESTINATION": ("2/minute",)}}

    def ask_for(*identifiers):
        return [post("auth/password/forgot/", {"identifier": one}) for one in identifiers]

    known = ask_for("anna", MAIL, "anna", MAIL)
    unknown = ask_for("nobody", "nobody@example.com", "nobody", "nobody@example.com")

    assert [one.status_code for one in known] == [202, 202, 429, 429]
    assert [one.status_code for one in unknown] == [202, 202, 429, 429]


def test_of_two_codes_for_one_mailbox_the_later_is_good(proven):
    first = post("auth/password/forgot/", {"identifier": "anna"}).data["challenge"]
    deliver_all()
    second = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]
    deliver_all()

    assert [one.to for one in mail.outbox] == [[MAIL], [MAIL]]
    assert answer(first, "auth/password/reset/", new_password=NEW).status_code == 400
    assert answer(second, "auth/password/reset/", new_password=NEW).status_code == 204


def test_a_name_s_budget_is_not_its_address_s(proven, settings):
    """Else signing in by e-mail would be refused because somebody asked for the name."""
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "OTP": {"PER_DESTINATION": ("1/hour",), "RESEND_AFTER": timedelta(0)},
    }

    post("auth/password/forgot/", {"identifier": "anna"})

    assert post("auth/otp/", {"channel": "email", "email": MAIL}).status_code == 202
    assert post("auth/password/forgot/", {"identifier": "anna"}).status_code == 429
