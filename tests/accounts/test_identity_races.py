"""Many at once: codes, guesses, registrations, claims. Each seen failing on its naive form."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.test import RequestFactory

from shopkit.accounts import services
from shopkit.accounts.conf import accounts_settings
from shopkit.accounts.models import (
    AuthSession,
    EmailAddress,
    PendingRegistration,
    PhoneNumber,
    SignInMethod,
)
from shopkit.accounts.services.passwordless import answer_code, ask_code
from shopkit.core.errors import RateLimited
from shopkit.otp.codes import derive
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Challenge
from shopkit.otp.testing import code_of

from .calls import PASSWORD, at_once, make_user, post

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
MAIL = "anna@example.com"
PHONE = "+998901234567"
MANY = 50


def request(address="10.1.1.1", **headers):
    return RequestFactory(headers=headers).post("/", REMOTE_ADDR=address)


def lift(settings, **otp):
    lifted = {"PER_ADDRESS": (), "PER_DESTINATION": (), "PER_CHANNEL": (), "PER_PREFIX": ()}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": {**lifted, **otp}}


def results(answers, status):
    return [one for one in answers if getattr(one, "status_code", None) == status]


# One code, one session.


def test_fifty_right_answers_at_once_begin_one_session(settings):
    lift(settings, MAX_ATTEMPTS=10)
    asked = ask_code(request(), channel="email", destination=MAIL)
    code = code_of(asked.challenge)
    body = {"challenge": str(asked.challenge), "code": code}

    answers = at_once(MANY, lambda _: post("auth/otp/verify/", body))

    assert len(results(answers, 200)) == 1
    assert len(results(answers, 400)) == MANY - 1
    assert AuthSession.objects.count() == 1
    assert get_user_model()._default_manager.count() == 1


def naive_answer(challenge, code):
    """Look, compare, sign in, then mark it used: how one writes it at first."""
    found = Challenge.objects.get(pk=challenge)
    if found.consumed_at is not None or derive(found) != code:
        raise InvalidCode
    user = EmailAddress.objects.get(address=found.destination).user
    services.start_session(request(), user=user, method=SignInMethod.CODE)
    Challenge.objects.filter(pk=challenge).update(consumed_at=found.created_at)


def test_the_naive_answer_begins_many_sessions(settings):
    lift(settings)
    EmailAddress.objects.create(user=make_user("anna"), address=MAIL)
    asked = ask_code(request(), channel="email", destination=MAIL)
    code = code_of(asked.challenge)

    at_once(MANY, lambda _: naive_answer(asked.challenge, code))

    assert AuthSession.objects.count() > 1


# 5 000 guesses from 100 addresses.


def guess_all(call, *, total=5000):
    def run(worker):
        said = []
        for number in range(total // MANY):
            index = worker * (total // MANY) + number
            said.append(call(request(f"10.9.0.{index % 100}"), f"{index:06d}"))
        return said

    return [one for said in at_once(MANY, run) for one in said]


def test_of_five_thousand_guesses_from_a_hundred_addresses_five_are_evaluated(settings):
    lift(settings)
    EmailAddress.objects.create(user=make_user("anna"), address=MAIL)
    asked = ask_code(request(), channel="email", destination=MAIL)
    right = code_of(asked.challenge)

    def guess(asker, code):
        try:
            answer_code(asker, challenge=str(asked.challenge), code="x" if code == right else code)
        except InvalidCode:
            return "refused"
        return "in"

    said = guess_all(guess)

    assert said == ["refused"] * 5000
    assert Challenge.objects.get(pk=asked.challenge).attempts == 5
    with pytest.raises(InvalidCode):
        answer_code(request(), challenge=str(asked.challenge), code=right)
    assert not AuthSession.objects.exists()


def test_of_five_thousand_passwords_from_a_hundred_addresses_ten_are_looked_at(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ACCOUNTS": {"LOGINS_PER_NAME": ("10/day",), "LOGINS_PER_ADDRESS": ()},
    }
    make_user("anna")

    def guess(asker, code):
        try:
            services.sign_in(asker, identifier="anna", password=code)
        except RateLimited:
            return "unseen"
        except Exception as error:  # noqa: BLE001 - counted below
            return type(error).__name__
        return "in"

    said = guess_all(guess)

    assert {one: said.count(one) for one in set(said)} == {
        "InvalidCredentials": 10,
        "unseen": 4990,
    }


def test_counting_by_the_address_alone_lets_a_hundred_addresses_look_at_more(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ACCOUNTS": {"LOGINS_PER_NAME": (), "LOGINS_PER_ADDRESS": ("2/day",)},
    }
    make_user("anna")

    def guess(asker, code):
        try:
            services.sign_in(asker, identifier="anna", password=code)
        except RateLimited:
            return "unseen"
        except Exception as error:  # noqa: BLE001 - counted below
            return type(error).__name__
        return "in"

    assert guess_all(guess, total=500).count("InvalidCredentials") == 200


# Registrations and claims.


def test_one_address_is_registered_once_however_many_ask_at_once(settings):
    lift(settings)

    def register(index):
        body = {"username": f"anna{index}", "email": MAIL, "password": PASSWORD}
        return post("auth/register/", body)

    answers = at_once(20, register)

    assert len(results(answers, 201)) == 1
    assert len(results(answers, 429)) == 19
    assert PendingRegistration.objects.count() == 1


def test_one_username_is_reserved_once_however_many_ask_at_once(settings):
    lift(settings)

    def register(index):
        contact = {} if index % 2 else {"email": f"anna{index}@example.com"}
        name = "Anna" if index % 3 else "ANNA"
        return post("auth/register/", {"username": name, "password": PASSWORD, **contact})

    answers = at_once(20, register)

    assert len(results(answers, 201)) == 1
    assert len(results(answers, 400)) == 19
    made = get_user_model()._default_manager.count() + PendingRegistration.objects.count()
    assert made == 1


def test_one_phone_becomes_one_account_though_two_purposes_prove_it_at_once(settings):
    lift(settings)
    anna = make_user("anna")
    signing_in = ask_code(request(), channel="sms", destination=PHONE)
    changing = services.change_contact(request(), user=anna, destination=PHONE, purpose="phone")
    codes = [code_of(signing_in.challenge), code_of(changing.challenge)]

    def prove(index):
        if index == 0:
            return answer_code(request(), challenge=str(signing_in.challenge), code=codes[0])
        return services.finish_change(
            user=anna, challenge=str(changing.challenge), code=codes[1], purpose="phone"
        )

    at_once(2, prove)

    assert PhoneNumber.objects.count() == 1
    owner = PhoneNumber.objects.get().user
    assert get_user_model()._default_manager.exclude(pk__in=[owner.pk, anna.pk]).count() == 0


def naive_take(index):
    """See whether the name is free, then take it, without the lock over both tables."""
    with transaction.atomic():
        users = get_user_model()._default_manager
        waiting = PendingRegistration.objects.live().filter(username_key="anna")
        if users.filter(username__iexact="anna").exists() or waiting.exists():
            return "taken"
        time.sleep(0.05)
        if index % 2:
            users.create(username="anna")
        else:
            PendingRegistration.objects.create(
                destination=f"a{index}@example.com",
                username_key="anna",
                password="!",
                expires_at=Now() + accounts_settings().PENDING_LIFETIME,
            )
    return "made"


def test_without_the_lock_over_both_tables_a_name_is_given_twice():
    said = at_once(2, naive_take)

    assert said == ["made", "made"]
    assert get_user_model()._default_manager.count() + PendingRegistration.objects.count() == 2
