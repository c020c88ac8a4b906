"""Codes, second factors, and addresses that change."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model, user_logged_in
from django.core import mail

from shopkit.accounts.models import (
    AuthSession,
    EmailAddress,
    PhoneNumber,
    Profile,
    TelegramAccount,
)
from shopkit.core.facts import deliver_all
from shopkit.otp.models import Challenge
from shopkit.otp.testing import code_of, wrong_code_of

from .calls import PASSWORD, _client, errors_of, get, log_in, make_user, post

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


def put(path, body, access):
    return _client(access).put(f"/api/v1/{path}", body, format="json")


def test_a_code_signs_a_known_person_in(proven):
    done = answer(ask(channel="email", email=MAIL))

    assert done.status_code == 200
    assert set(done.data) == {"access", "refresh", "expires_in", "is_new_user"}
    assert done.data["is_new_user"] is False
    assert get("profile/", access=done.data["access"]).data["username"] == "anna"


def test_a_code_makes_an_account_for_an_unknown_phone(client):
    heard = []

    def came(sender, user, request, **_):
        heard.append((user.pk, request.headers.get("X-Cart-Token")))

    user_logged_in.connect(came)
    challenge = ask(channel="sms", phone="90 123 45 67") if has_sms() else None
    if challenge is None:
        pytest.skip("the site has no SMS")
    body = {"challenge": challenge, "code": code_of(challenge)}
    done = post("auth/otp/verify/", body, **{"X-Cart-Token": "guest-7"})
    user_logged_in.disconnect(came)

    user = get_user_model()._default_manager.get()
    assert done.data["is_new_user"] is True
    assert heard == [(user.pk, "guest-7")]
    assert PhoneNumber.objects.get().number == PHONE
    assert not user.has_usable_password()


def has_sms():
    from shopkit.otp.channels.loading import channel_paths

    return "sms" in channel_paths()


def test_the_answer_is_the_same_for_known_and_unknown(proven):
    known = post("auth/otp/", {"channel": "email", "email": MAIL})
    unknown = post("auth/otp/", {"channel": "email", "email": "nobody@example.com"})

    assert known.status_code == unknown.status_code == 202
    assert known.data.keys() == unknown.data.keys()
    assert set(known.data) == {"challenge", "channel", "expires_at", "resend_at"}


@pytest.mark.parametrize("kind", ["wrong", "used", "unknown", "malformed", "foreign purpose"])
def test_one_answer_for_whatever_is_wrong_with_a_code(proven, kind):
    challenge = ask(channel="email", email=MAIL)
    code = code_of(challenge)
    if kind == "wrong":
        code = wrong_code_of(challenge)
    elif kind == "used":
        answer(challenge)
    elif kind == "unknown":
        challenge = "00000000-0000-4000-8000-000000000000"
    elif kind == "malformed":
        challenge = "nothing"
    else:
        challenge = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]
        code = code_of(challenge)
    before = AuthSession.objects.count()

    refused = post("auth/otp/verify/", {"challenge": challenge, "code": code})

    assert (refused.status_code, refused.data["code"]) == (400, "invalid_code")
    assert AuthSession.objects.count() == before


def test_a_switched_off_account_is_not_signed_in_by_code(proven):
    challenge = ask(channel="email", email=MAIL)
    proven.is_active = False
    proven.save()

    assert answer(challenge).data["code"] == "invalid_code"
    assert not AuthSession.objects.exists()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"channel": "email"}, ("email", "required")),
        ({"channel": "sms"}, ("phone", "required")),
        ({"channel": "email", "email": MAIL, "phone": PHONE}, ("phone", "wrong_channel")),
        ({"channel": "pigeon", "email": MAIL}, ("channel", "invalid_choice")),
        ({"channel": "sms", "phone": "123"}, ("phone", "invalid_phone")),
        ({"channel": "email", "email": MAIL, "code": "1"}, ("code", "unknown_member")),
    ],
)
def test_what_is_wrong_with_asking_is_named(body, wrong):
    assert wrong in errors_of(post("auth/otp/", body))
    assert not Challenge.objects.exists()


def test_telegram_is_answered_with_a_link_that_opens_the_bot():
    if not has_sms():
        pytest.skip("the site has no Telegram")

    asked = post("auth/otp/", {"channel": "telegram", "phone": PHONE})

    key = asked.data["challenge"].replace("-", "")
    assert asked.data["telegram_url"] == f"https://t.me/shopkit_test_bot?start={key}"


# The second factor.


def test_a_second_factor_stands_between_password_and_session(proven, tokens):
    chosen = put(
        "profile/two-factor/", {"channel": "email", "password": PASSWORD}, tokens["access"]
    )
    AuthSession.objects.all().delete()

    first = post("auth/login/", {"username": "anna", "password": PASSWORD})

    assert (chosen.status_code, chosen.data) == (200, {"two_factor": "email"})
    assert first.status_code == 202
    assert set(first.data["two_factor"]) == {"challenge", "channel", "expires_at"}
    assert not AuthSession.objects.exists()
    challenge = first.data["two_factor"]["challenge"]
    assert answer(challenge).status_code == 400
    done = answer(challenge, "auth/login/verify/")
    assert done.status_code == 200
    shown = get("profile/", access=done.data["access"]).data
    assert shown["two_factor"] == "email"


def test_a_challenge_asked_under_an_old_password_does_not_sign_in(proven):
    Profile.objects.update_or_create(user=proven, defaults={"two_factor": "email"})
    first = post("auth/login/", {"username": "anna", "password": PASSWORD})
    proven.set_password(NEW)
    proven.save()

    done = answer(first.data["two_factor"]["challenge"], "auth/login/verify/")

    assert done.data["code"] == "invalid_code"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"channel": "email", "password": "wrong"}, ("password", "wrong_password")),
        ({"channel": "telegram", "password": PASSWORD}, ("channel", "no_destination")),
    ],
)
def test_a_second_factor_needs_proof_and_a_way(proven, tokens, body, wrong):
    assert errors_of(put("profile/two-factor/", body, tokens["access"])) == [wrong]
    assert not Profile.objects.exclude(two_factor="").exists()


def test_a_code_sent_to_oneself_proves_who_asks_and_a_stranger_s_does_not(proven, tokens):
    for email, status in ((OTHER, 400), (MAIL, 200)):
        challenge = ask(channel="email", email=email)
        body = {"channel": "email", "challenge": challenge, "code": code_of(challenge)}
        assert put("profile/two-factor/", body, tokens["access"]).status_code == status


def test_telegram_can_be_the_second_factor(anna, tokens):
    if not has_sms():
        pytest.skip("the site has no Telegram")
    TelegramAccount.objects.create(user=anna, telegram_id=7, chat_id=77)
    put("profile/two-factor/", {"channel": "telegram", "password": PASSWORD}, tokens["access"])

    first = post("auth/login/", {"username": "anna", "password": PASSWORD})

    assert first.status_code == 202
    assert Challenge.objects.get().destination == "telegram:77"


# An account without a password.


def test_who_signed_in_by_code_sets_a_first_password_while_that_is_fresh():
    fresh = answer(ask(channel="email", email=MAIL)).data

    done = post("auth/password/change/", {"new_password": NEW}, access=fresh["access"])

    assert done.status_code == 200
    assert log_in(MAIL, NEW)
    again = post("auth/password/change/", {"new_password": PASSWORD}, access=done.data["access"])
    assert errors_of(again) == [("old_password", "required")]


def test_an_old_code_sets_no_first_password():
    stale = answer(ask(channel="email", email=MAIL)).data
    session = AuthSession.objects.get()
    AuthSession.objects.update(created_at=session.created_at - timedelta(minutes=11))

    refused = post("auth/password/change/", {"new_password": NEW}, access=stale["access"])

    assert errors_of(refused) == [("old_password", "fresh_code_required")]
    assert not get_user_model()._default_manager.get().has_usable_password()


# Changing an address.


def test_a_new_address_takes_effect_when_it_is_proven(proven, tokens):
    asked = post("profile/email/", {"email": "New@Example.com"}, access=tokens["access"])
    before = get("profile/", access=tokens["access"]).data["email"]
    done = answer(asked.data["challenge"], "profile/email/verify/", access=tokens["access"])

    assert (asked.status_code, before) == (202, MAIL)
    assert (done.data["email"], done.data["email_verified"]) == ("new@example.com", True)
    deliver_all()
    assert [MAIL] in [one.to for one in mail.outbox if "changed" in one.subject]
    assert post("auth/login/", {"email": MAIL, "password": PASSWORD}).status_code == 401


def test_somebody_else_s_address_is_answered_alike_and_never_given(proven, tokens):
    EmailAddress.objects.create(user=make_user("berdaq"), address=OTHER)

    asked = post("profile/email/", {"email": OTHER}, access=tokens["access"])
    done = answer(asked.data["challenge"], "profile/email/verify/", access=tokens["access"])

    assert asked.status_code == 202
    assert done.data["code"] == "invalid_code"
    assert get("profile/", access=tokens["access"]).data["email"] == MAIL


def test_somebody_else_s_challenge_changes_nothing(proven, tokens):
    make_user("berdaq")
    foreign = log_in("berdaq")
    asked = post("profile/email/", {"email": OTHER}, access=foreign["access"])

    done = answer(asked.data["challenge"], "profile/email/verify/", access=tokens["access"])

    assert done.data["code"] == "invalid_code"
    assert EmailAddress.objects.get().address == MAIL


def test_where_the_second_factor_goes_is_not_moved(proven, tokens):
    Profile.objects.update_or_create(user=proven, defaults={"two_factor": "email"})

    refused = post("profile/email/", {"email": OTHER}, access=tokens["access"])

    assert (refused.status_code, refused.data["code"]) == (409, "two_factor_in_use")
    assert not Challenge.objects.exists()


def test_a_code_to_another_contact_does_not_switch_the_second_factor_off(proven, tokens):
    Profile.objects.update_or_create(user=proven, defaults={"two_factor": "email"})
    challenge = ask(channel="sms", phone=PHONE)
    body = {"channel": None, "challenge": challenge, "code": code_of(challenge)}

    refused = put("profile/two-factor/", body, access=tokens["access"])

    assert (refused.status_code, refused.data["code"]) == (400, "invalid_code")
    assert Profile.objects.get(user=proven).two_factor == "email"


# Limits of passwords.


def test_guesses_end_and_the_owner_s_own_address_stays_open(anna, settings):
    log_in("anna")
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ACCOUNTS": {"LOGINS_PER_NAME": ("3/hour",), "LOGINS_PER_PAIR": ("2/hour",)},
    }
    settings.SHOPKIT["CORE"] = {**settings.SHOPKIT.get("CORE", {}), "TRUSTED_PROXIES": 1}
    body = {"username": "anna", "password": "wrong"}
    guesses = [post("auth/login/", body, **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(9)]

    assert [one.status_code for one in guesses] == [401] * 3 + [429] * 6
    assert int(guesses[-1]["Retry-After"]) > 0
    right = {"username": "anna", "password": PASSWORD}
    stranger = post("auth/login/", right, **{"X-Forwarded-For": "10.0.0.99"})
    owner = post("auth/login/", right, **{"X-Forwarded-For": "127.0.0.1"})
    assert (stranger.status_code, owner.status_code) == (429, 200)


def test_unknown_names_are_limited_like_known_ones(anna, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "ACCOUNTS": {"LOGINS_PER_NAME": ("3/hour",)}}

    for name in ("anna", "nobody"):
        answers = [post("auth/login/", {"username": name, "password": "x"}) for _ in range(4)]
        assert [one.status_code for one in answers] == [401, 401, 401, 429]


def test_only_allowed_names_sign_in(proven, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "ACCOUNTS": {"LOGIN_BY": ("email",)}}

    by_name = post("auth/login/", {"identifier": "anna", "password": PASSWORD})
    by_mail = post("auth/login/", {"identifier": MAIL, "password": PASSWORD})

    assert (by_name.status_code, by_mail.status_code) == (401, 200)
