"""Signing in by the Mini App."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model

from shopkit.accounts.facts import account_created
from shopkit.accounts.models import (
    AuthSession,
    EmailAddress,
    PhoneNumber,
    Profile,
    TelegramAccount,
)
from shopkit.core.models import Delivery
from shopkit.otp.models import Budget
from shopkit.otp.testing import code_of
from tests.threads import at_once

from .calls import errors_of, get, make_user, post

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "123456789:AAMadeUpBotTokenForTests_000000000000"
AYGUL = 555_000_111


def init_data(*, token=TOKEN, age=0, **user):
    person = {"id": AYGUL, "first_name": "Aygul", "language_code": "kaa"} | user
    fields = {"auth_date": str(int(time.time()) - age), "query_id": "q", "user": json.dumps(person)}
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    fields["hash"] = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return urlencode(fields)


def enter(data):
    return post("auth/telegram/mini-app/", {"init_data": data})


def test_who_opens_the_mini_app_gets_an_account():
    answer = enter(init_data())

    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh", "expires_in", "is_new_user"}
    assert answer.json()["is_new_user"] is True
    link = TelegramAccount.objects.get()
    assert (link.telegram_id, link.chat_id) == (AYGUL, None)
    profile = get("profile/", access=answer.json()["access"]).json()
    assert (profile["language"], profile["phone"]) == ("kaa", None)
    assert not link.user.has_usable_password()


def test_the_same_person_comes_back_to_the_same_account():
    enter(init_data())

    answer = enter(init_data(age=5))

    assert answer.json()["is_new_user"] is False
    assert get_user_model()._default_manager.count() == 1


def test_an_account_from_the_mini_app_is_announced_once():
    enter(init_data())
    enter(init_data(age=1))

    told = Delivery.objects.filter(fact=account_created.name)
    assert sorted(told.values_list("subscriber", flat=True)) == sorted(account_created.subscribers)


def test_who_is_linked_by_the_bot_is_the_same_person():
    anna = make_user("anna")
    TelegramAccount.objects.create(user=anna, telegram_id=AYGUL, chat_id=AYGUL)

    assert enter(init_data()).json()["is_new_user"] is False

    assert TelegramAccount.objects.get().chat_id == AYGUL
    assert AuthSession.objects.get().user == anna


def test_a_second_factor_is_asked_for_and_a_telephone_is_not_two_things():
    user = make_user("anna")
    TelegramAccount.objects.create(user=user, telegram_id=AYGUL)
    EmailAddress.objects.create(user=user, address="anna@example.com")
    PhoneNumber.objects.create(user=user, number="+998901234567")

    Profile.objects.create(user=user, two_factor="sms")
    refused = enter(init_data(query_id="1"))
    Profile.objects.update(two_factor="email")
    asked = enter(init_data(age=1))

    assert (refused.status_code, refused.data["code"]) == (403, "password_required")
    assert asked.status_code == 202
    assert asked.data["two_factor"]["channel"] == "email"
    assert not AuthSession.objects.exists()
    challenge = asked.data["two_factor"]["challenge"]
    body = {"challenge": challenge, "code": code_of(challenge)}
    assert post("auth/login/verify/", body).status_code == 200


def test_data_whose_second_factor_was_put_off_works_again(settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": {"PER_ADDRESS": ("1/day",)}}
    user = make_user("anna")
    TelegramAccount.objects.create(user=user, telegram_id=AYGUL)
    EmailAddress.objects.create(user=user, address="anna@example.com")
    Profile.objects.create(user=user, two_factor="email")
    post("auth/otp/", {"channel": "email", "email": "nobody@example.com"})
    data = init_data()

    put_off = enter(data)
    Budget.objects.filter(scope="address").delete()

    assert put_off.status_code == 429
    assert [enter(data).status_code for _ in range(2)] == [202, 400]


def test_the_same_data_works_once():
    data = init_data()
    enter(data)

    assert errors_of(enter(data)) == [("init_data", "invalid_init_data")]
    turned_round = "&".join(reversed(data.split("&")))
    assert errors_of(enter(turned_round)) == [("init_data", "invalid_init_data")]
    assert AuthSession.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        "x",
        "hash=00&auth_date=1",
        init_data(token="1:other"),
        init_data(age=4000),
        init_data(age=-4000),
        init_data(is_bot=True),
        init_data().replace("Aygul", "Berdaq"),
        init_data() + "&user=%7B%22id%22%3A1%7D",
    ],
    ids=["text", "no signature", "other bot", "old", "future", "bot", "changed", "twice"],
)
def test_what_telegram_did_not_sign_now_is_refused(data):
    assert errors_of(enter(data)) == [("init_data", "invalid_init_data")]
    assert not get_user_model()._default_manager.exists()


def test_an_account_that_is_switched_off_stays_out():
    enter(init_data())
    user = get_user_model()._default_manager.get()
    user.is_active = False
    user.save()

    assert errors_of(enter(init_data(age=5))) == [("init_data", "invalid_init_data")]
    assert AuthSession.objects.count() == 1


def test_a_site_without_a_bot_says_so(settings):
    telegram = {**settings.SHOPKIT["TELEGRAM"], "BOT_TOKEN": ""}
    settings.SHOPKIT = {**settings.SHOPKIT, "TELEGRAM": telegram}

    assert enter(init_data()).status_code == 503


@pytest.mark.postgres
@pytest.mark.race
def test_one_opening_sent_many_times_at_once_makes_one_session():
    data = init_data()

    answers = at_once([lambda: enter(data).status_code] * 8)

    assert sorted(answers) == [200] + [400] * 7
    assert AuthSession.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.race
def test_two_openings_at_once_make_one_user():
    opened = [init_data(age=age) for age in range(6)]

    answers = at_once([lambda data=data: enter(data).json()["is_new_user"] for data in opened])

    assert sorted(answers) == [False] * 5 + [True]
    assert get_user_model()._default_manager.count() == 1
