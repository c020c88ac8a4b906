"""Several people register with one address, and one of them owns it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db.models.functions import Now

from shopkit.accounts.models import Address, PendingRegistration
from shopkit.core.facts import deliver_all
from shopkit.otp.testing import code_of

from .calls import PASSWORD, errors_of, get, log_in, post

pytestmark = pytest.mark.django_db
MAIL = "anna@example.com"
PHONE = "+998901234567"
STRANGER = "squatters-pass-9"
OTHER = "third-passphrase-4"
HOME = {"city": "Nukus", "street": "A. Dosnazarov 1"}


@pytest.fixture(autouse=True)
def site(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ACCOUNTS": {"CONFIRM_URL": "https://shop.test/confirm"},
        "OTP": {"PER_ADDRESS": (), "PER_DESTINATION": (), "RESEND_AFTER": timedelta(0)},
    }


def register(password, **more):
    """Register Anna's address; return the challenge and the token of the mailed link."""
    mail.outbox.clear()
    answer = post("auth/register/", {"email": MAIL, "password": password, **more})
    assert answer.status_code == 201, answer.data
    deliver_all()
    return answer.data["verification"]["challenge"], token_of(mail.outbox[-1])


def token_of(message):
    [token] = re.findall(r"https://shop\.test/confirm\?token=(\S+)", message.body)
    return token


def answer_code(challenge):
    body = {"challenge": challenge, "code": code_of(challenge)}
    return post("auth/email/confirm/", body)


def open_link(token):
    return post("auth/email/confirm/", {"token": token})


def log_in_status(password, name=MAIL):
    return post("auth/login/", {"email": name, "password": password}).status_code


@pytest.mark.parametrize("passwords", [(PASSWORD, STRANGER), (STRANGER, PASSWORD)])
def test_the_newest_link_gives_nobody_s_password_to_a_contested_address(passwords):
    register(passwords[0], username="one", address=HOME)
    _challenge, token = register(passwords[1], username="two", address=HOME)

    opened = open_link(token)

    assert (opened.status_code, opened.data["is_new_user"]) == (200, True)
    assert log_in_status(PASSWORD) == log_in_status(STRANGER) == 401
    user = get_user_model()._default_manager.get()
    assert not user.has_usable_password()
    assert not Address.objects.exists()
    assert not PendingRegistration.objects.exists()


def test_who_got_no_password_is_told_and_sets_one_at_once():
    register(STRANGER)
    _challenge, token = register(PASSWORD)
    mail.outbox.clear()

    opened = open_link(token)
    deliver_all()
    told = [one for one in mail.outbox if "password" in one.body]
    done = post("auth/password/change/", {"new_password": OTHER}, access=opened.data["access"])

    assert [one.to for one in told] == [[MAIL]]
    assert done.status_code == 200
    assert log_in(MAIL, OTHER)


def test_the_link_of_an_earlier_mail_opens_nothing_and_costs_the_later_code_nothing():
    _challenge, first = register(PASSWORD)
    challenge, _token = register(STRANGER)

    for _ in range(6):
        assert open_link(first).status_code == 400
    assert answer_code(challenge).status_code == 200


def test_the_code_typed_where_one_registered_keeps_one_s_own_password():
    register(STRANGER, username="two")
    challenge, _token = register(PASSWORD, username="one", address=HOME)

    done = answer_code(challenge)

    assert done.status_code == 200
    assert log_in(MAIL)
    assert log_in_status(STRANGER) == 401
    assert get("profile/", access=done.data["access"]).data["username"] == "one"
    assert Address.objects.get().city == "Nukus"


def test_who_was_overtaken_asks_again_with_his_challenge_and_keeps_his_password():
    mine, _token = register(PASSWORD, username="one")
    register(STRANGER, username="two")
    assert answer_code(mine).status_code == 400

    body = {"channel": "email", "email": MAIL, "challenge": mine}
    again = post("auth/otp/", body).data["challenge"]
    deliver_all()

    assert "one" in mail.outbox[-1].body
    assert answer_code(again).status_code == 200
    assert log_in(MAIL)
    assert log_in_status(STRANGER) == 401


def test_a_stranger_s_registration_sent_again_gives_its_password_to_no_link():
    register(PASSWORD)
    theirs, _token = register(STRANGER)
    post("auth/otp/", {"channel": "email", "email": MAIL, "challenge": theirs})
    deliver_all()

    assert open_link(token_of(mail.outbox[-1])).status_code == 200
    assert log_in_status(STRANGER) == log_in_status(PASSWORD) == 401


def test_a_plain_code_takes_neither_names_nor_passwords_of_several():
    register(STRANGER, username="two")
    register(OTHER, username="three")

    asked = post("auth/otp/", {"channel": "email", "email": MAIL}).data["challenge"]
    done = answer_code(asked)

    shown = get("profile/", access=done.data["access"]).data
    assert shown["username"] not in {"two", "three"}
    assert log_in_status(STRANGER) == log_in_status(OTHER) == 401


def test_who_registers_twice_with_one_password_is_no_rival_of_himself():
    register(PASSWORD, username="anna")
    _challenge, token = register(PASSWORD, username="anna")

    assert open_link(token).status_code == 200
    assert log_in("anna")


def test_a_registration_that_ran_out_makes_a_link_s_address_contested_for_a_day():
    register(PASSWORD)
    PendingRegistration.objects.update(expires_at=Now())
    call_command("shopkit_forget_registrations")
    _challenge, token = register(STRANGER)

    assert open_link(token).status_code == 200
    assert log_in_status(STRANGER) == 401


def test_each_of_several_hears_that_his_address_is_to_be_confirmed():
    register(PASSWORD)
    register(STRANGER)

    for password, status in ((PASSWORD, 403), (STRANGER, 403), (OTHER, 401)):
        assert log_in_status(password) == status


def test_one_name_may_wait_twice_for_one_address_and_not_for_two():
    register(PASSWORD, username="anna")
    register(STRANGER, username="Anna")

    other = {"email": "other@example.com", "username": "anna", "password": PASSWORD}
    assert errors_of(post("auth/register/", other)) == [("username", "username_taken")]


def test_a_contested_phone_is_the_account_of_who_typed_the_code_where_he_registered():
    theirs = post("auth/register/", {"phone": PHONE, "password": STRANGER}).data
    mine = post("auth/register/", {"phone": PHONE, "password": PASSWORD}).data
    challenge = mine["verification"]["challenge"]

    with_theirs = {
        "challenge": theirs["verification"]["challenge"],
        "code": code_of(challenge),
    }
    assert post("auth/otp/verify/", with_theirs).status_code == 400
    right = {"challenge": challenge, "code": code_of(challenge)}
    assert post("auth/otp/verify/", right).status_code == 200
    login = {"phone": PHONE, "password": PASSWORD}
    assert post("auth/login/", login).status_code == 200
    assert post("auth/login/", {**login, "password": STRANGER}).status_code == 401


def test_the_mail_says_what_its_link_finishes():
    register(PASSWORD)
    assert "registration" in mail.outbox[-1].body
    assert "registration" in mail.outbox[-1].alternatives[0][0]


def test_registrations_that_ran_out_long_ago_are_forgotten(capsys):
    register(PASSWORD)
    PendingRegistration.objects.update(expires_at=Now() - timedelta(days=1, minutes=1))
    register(STRANGER)

    call_command("shopkit_forget_registrations")

    assert capsys.readouterr().out == "deleted 1\n"
    assert PendingRegistration.objects.count() == 1
