"""POST auth/register/ with an address: nothing tells who is known, and no claim outlives proof."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from shopkit.accounts.models import Address, EmailAddress, PendingRegistration, PhoneNumber
from shopkit.core.facts import deliver_all
from shopkit.otp.models import Challenge
from shopkit.otp.testing import code_of, wrong_code_of

from .calls import PASSWORD, errors_of, get, has_field, log_in, make_user, post

pytestmark = pytest.mark.django_db
MAIL = "anna@example.com"
PHONE = "+998901234567"
BODY = {"username": "anna", "email": MAIL, "password": PASSWORD}


@pytest.fixture(autouse=True)
def site(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ACCOUNTS": {"CONFIRM_URL": "https://shop.test/confirm"},
        "OTP": {"PER_ADDRESS": (), "PER_DESTINATION": (), "RESEND_AFTER": timedelta(0)},
    }


def people():
    return sorted(one.get_username() for one in get_user_model()._default_manager.all())


def challenge_of(answer, status=201):
    assert answer.status_code == status, answer.data
    return answer.data["verification"]["challenge"]


def confirm(challenge, **more):
    return post("auth/email/confirm/", {"challenge": challenge, "code": code_of(challenge), **more})


def test_no_account_exists_before_the_address_is_proven():
    answer = post("auth/register/", BODY)

    assert set(answer.data["verification"]) == {"challenge", "channel", "expires_at"}
    assert answer.data["verification"]["channel"] == "email"
    assert people() == []
    assert PASSWORD not in PendingRegistration.objects.get().password


def test_the_mailed_code_makes_the_account_and_signs_in():
    challenge = challenge_of(post("auth/register/", {**BODY, "email": "Anna@Example.com"}))

    answer = confirm(challenge)

    assert answer.status_code == 200
    assert answer.data["is_new_user"] is True
    assert people() == ["anna"]
    shown = get("profile/", access=answer.data["access"]).data
    assert (shown["username"], shown["email"], shown["email_verified"]) == ("anna", MAIL, True)
    assert log_in("anna")
    assert log_in(MAIL.upper())
    assert not PendingRegistration.objects.exists()


def test_the_mailed_link_does_the_same_once():
    post("auth/register/", BODY)
    deliver_all()
    message = next(one for one in mail.outbox if one.to == [MAIL])
    [token] = re.findall(r"https://shop\.test/confirm\?token=(\S+)", message.body)

    first = post("auth/email/confirm/", {"token": token})
    second = post("auth/email/confirm/", {"token": token})

    assert message.alternatives[0][1] == "text/html"
    assert "anna" in message.body
    assert first.status_code == 200
    assert second.status_code == 400
    assert second.data["code"] == "invalid_code"


@pytest.mark.parametrize("token", ["x", "a:b:c", "", None])
def test_a_made_up_token_confirms_nothing(token):
    post("auth/register/", BODY)

    assert post("auth/email/confirm/", {"token": token}).status_code == 400
    assert people() == []


def test_a_phone_and_a_password_make_an_account_that_signs_in_by_phone():
    answer = post("auth/register/", {"phone": "901234567", "password": PASSWORD})
    challenge = challenge_of(answer)
    assert answer.data["verification"]["channel"] in {"sms", "email"}

    done = post("auth/otp/verify/", {"challenge": challenge, "code": code_of(challenge)})

    assert done.data["is_new_user"] is True
    assert PhoneNumber.objects.get().number == PHONE
    for spelling in ("901234567", "+998 90 123-45-67", PHONE):
        answer = post("auth/login/", {"phone": spelling, "password": PASSWORD})
        assert answer.status_code == 200


def test_a_taken_address_is_answered_like_a_free_one_and_its_owner_is_told():
    owner = make_user("owner", "owner-passphrase-3")
    EmailAddress.objects.create(user=owner, address=MAIL)
    free = post("auth/register/", {**BODY, "username": "x1", "email": "free@example.com"})
    deliver_all()
    mail.outbox.clear()

    taken = post("auth/register/", BODY)

    assert taken.status_code == free.status_code == 201
    assert taken.data.keys() == free.data.keys()
    assert taken.data["detail"] == free.data["detail"]
    challenge = challenge_of(taken)
    deliver_all()
    assert [one.to for one in mail.outbox] == [[MAIL]]
    assert code_of(challenge) not in mail.outbox[0].body
    assert "token" not in mail.outbox[0].body
    assert confirm(challenge).data["code"] == "invalid_code"
    assert people() == ["owner"]
    # The name is reserved either way, and the password is answered alike either way.
    for email in (MAIL, "free@example.com"):
        again = post("auth/login/", {"email": email, "password": PASSWORD})
        assert (again.status_code, again.data["code"]) == (403, "not_verified")
    name = post("auth/register/", {"username": "anna", "password": PASSWORD})
    assert errors_of(name) == [("username", "username_taken")]


def test_not_verified_is_said_after_the_right_password_only():
    post("auth/register/", BODY)

    right = post("auth/login/", {"username": "anna", "password": PASSWORD})
    wrong = post("auth/login/", {"username": "anna", "password": "wrong"})

    assert (right.status_code, right.data["code"]) == (403, "not_verified")
    assert (wrong.status_code, wrong.data["code"]) == (401, "invalid_credentials")


def test_a_squatter_s_password_does_not_open_the_account_of_the_owner():
    post("auth/register/", {"phone": PHONE, "password": "squatters-pass-9"})

    asked = post("auth/otp/", {"channel": "sms", "phone": PHONE})
    challenge = asked.data["challenge"]
    owner = post("auth/otp/verify/", {"challenge": challenge, "code": code_of(challenge)})

    assert owner.status_code == 200
    late = post("auth/login/", {"phone": PHONE, "password": "squatters-pass-9"})
    assert late.status_code == 401
    assert not PendingRegistration.objects.exists()


def test_a_registration_that_is_sent_again_by_its_challenge_keeps_its_password():
    first = challenge_of(post("auth/register/", {"phone": PHONE, "password": PASSWORD}))

    asked = post("auth/otp/", {"channel": "sms", "phone": PHONE, "challenge": first})
    challenge = asked.data["challenge"]
    post("auth/otp/verify/", {"challenge": challenge, "code": code_of(challenge)})

    assert post("auth/login/", {"phone": PHONE, "password": PASSWORD}).status_code == 200


def test_a_registration_s_address_and_names_come_with_the_account():
    names = {"first_name": "Anna", "last_name": "Kim"} if has_field("first_name") else {}
    address = {"city": "Nukus", "street": "A. Dosnazarov 1", "latitude": "42.460000"}

    challenge = challenge_of(post("auth/register/", {**BODY, **names, "address": address}))
    answer = confirm(challenge)

    shown = get("profile/", access=answer.data["access"]).data
    assert shown["default_address"]["city"] == "Nukus"
    assert Address.objects.get().is_default is True
    assert {name: shown[name] for name in names} == names


def test_a_wrong_code_makes_no_account():
    challenge = challenge_of(post("auth/register/", BODY))

    answer = post("auth/email/confirm/", {"challenge": challenge, "code": wrong_code_of(challenge)})

    assert (answer.status_code, answer.data["code"]) == (400, "invalid_code")
    assert people() == []
    assert Challenge.objects.get().attempts == 1
