"""The people tower where users have an e-mail address and no other name."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.checks import run_checks

from shopkit.accounts.models import AuthSession, EmailAddress, PhoneNumber, Profile
from shopkit.core.facts import deliver_due
from shopkit.otp.testing import code_of
from tests.accounts.calls import PASSWORD, errors_of, get, log_in, patch, post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not apps.is_installed("tests.sites.email_user"),
        reason="run with DJANGO_SETTINGS_MODULE=tests.sites.email_user.settings",
    ),
]
MAIL = "anna@example.com"


@pytest.fixture(autouse=True)
def site(settings):
    otp = {"RESEND_AFTER": timedelta(0), "PER_ADDRESS": (), "PER_DESTINATION": ()}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": otp}


def answer(path, challenge, **more):
    return post(path, {"challenge": challenge, "code": code_of(challenge), **more})


def test_the_checks_are_quiet(settings):
    settings.SHOPKIT = {}

    assert run_checks(tags=["shopkit"]) == []


@pytest.mark.parametrize("member", ["email", "username"])
def test_an_address_is_proven_before_it_names_anybody(member):
    asked = post("auth/register/", {member: "Anna@Example.com", "password": PASSWORD})
    assert asked.status_code == 201
    assert not get_user_model().objects.exists()

    done = answer("auth/email/confirm/", asked.data["verification"]["challenge"])

    assert done.status_code == 200
    assert get_user_model().objects.get().email == MAIL
    assert get("profile/", access=done.data["access"]).data["email_verified"] is True
    assert log_in("ANNA@example.com")


def test_a_taken_address_is_answered_like_a_free_one():
    get_user_model()(email=MAIL).save()

    taken = post("auth/register/", {"email": MAIL, "password": PASSWORD})
    free = post("auth/register/", {"email": "x@example.com", "password": PASSWORD})

    assert taken.status_code == free.status_code == 201
    assert taken.data.keys() == free.data.keys()
    deliver_due()
    assert [one.subject for one in mail.outbox if one.to == [MAIL]] == [
        "You already have an account"
    ]


def test_a_code_makes_an_account_and_a_password_can_be_forgotten():
    asked = post("auth/otp/", {"channel": "email", "email": MAIL})
    assert answer("auth/otp/verify/", asked.data["challenge"]).data["is_new_user"] is True

    forgot = post("auth/password/forgot/", {"identifier": MAIL})
    done = answer("auth/password/reset/", forgot.data["challenge"], new_password=PASSWORD)

    assert done.status_code == 204
    assert log_in(MAIL)


def test_who_proves_an_unproven_account_s_address_gets_it_without_the_squatter():
    squatter = get_user_model()(email=MAIL)
    squatter.set_password(PASSWORD)
    squatter.save()
    held = log_in(MAIL)
    PhoneNumber.objects.create(user=squatter, number="+998901234567")
    Profile.objects.update_or_create(user=squatter, defaults={"two_factor": "sms"})

    asked = post("auth/otp/", {"channel": "email", "email": MAIL})
    owner = answer("auth/otp/verify/", asked.data["challenge"])

    assert owner.status_code == 200
    assert owner.data["is_new_user"] is False
    assert get("profile/", access=held["access"]).status_code == 401
    login = post("auth/login/", {"email": MAIL, "password": PASSWORD})
    assert login.status_code == 401
    assert EmailAddress.objects.get().user == squatter
    assert AuthSession.objects.filter(end_reason="proven_by_owner").count() == 1
    assert not PhoneNumber.objects.exists()
    assert Profile.objects.get().two_factor == ""


def test_the_name_is_not_changed_to_an_address_that_nobody_proved():
    asked = post("auth/otp/", {"channel": "email", "email": MAIL})
    mine = answer("auth/otp/verify/", asked.data["challenge"]).data["access"]

    refused = patch("profile/", {"username": "victim@example.com"}, access=mine)

    assert refused.status_code == 400
    assert [code for _, code in errors_of(refused)] == ["use_profile_email"]
    assert get_user_model().objects.get().email == MAIL


def test_a_changed_address_is_the_new_name_and_leaves_the_old_one_free():
    asked = post("auth/otp/", {"channel": "email", "email": MAIL})
    mine = answer("auth/otp/verify/", asked.data["challenge"]).data["access"]
    moved = post("profile/email/", {"email": "new@example.com"}, access=mine)
    body = {"challenge": moved.data["challenge"], "code": code_of(moved.data["challenge"])}

    assert post("profile/email/verify/", body, access=mine).status_code == 200
    assert Profile.objects.get().username_key == "new@example.com"
    asked = post("auth/register/", {"email": MAIL, "password": PASSWORD})
    done = answer("auth/email/confirm/", asked.data["verification"]["challenge"])
    assert (done.status_code, done.data["is_new_user"]) == (200, True)
    keys = sorted(Profile.objects.values_list("username_key", flat=True))
    assert keys == [MAIL, "new@example.com"]


def test_a_second_factor_is_asked_for_after_a_code_and_the_mailbox_is_not_two_things():
    asked = post("auth/register/", {"email": MAIL, "password": PASSWORD})
    answer("auth/email/confirm/", asked.data["verification"]["challenge"])
    Profile.objects.update(two_factor="email")

    asked = post("auth/otp/", {"channel": "email", "email": MAIL})
    refused = answer("auth/otp/verify/", asked.data["challenge"])

    assert (refused.status_code, refused.data["code"]) == (403, "password_required")
    first = post("auth/login/", {"email": MAIL, "password": PASSWORD})
    done = answer("auth/login/verify/", first.data["two_factor"]["challenge"])
    assert done.status_code == 200


def test_a_phone_alone_makes_no_account_here():
    body = {"phone": "+998901234567", "password": PASSWORD}

    refused = post("auth/register/", body)

    assert (refused.status_code, refused.data["code"]) == (409, "email_required")
    sms = post("auth/otp/", {"channel": "sms", "phone": "+998901234567"})
    assert errors_of(sms) == [("channel", "unknown_channel")]
