"""Two things of different kinds, whatever way somebody signs in."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db.models.functions import Now

from shopkit.accounts.models import (
    AuthSession,
    EmailAddress,
    PhoneNumber,
    Profile,
    SignInMethod,
    TelegramAccount,
)
from shopkit.accounts.services.linking import Sender
from shopkit.accounts.services.second_factor import drop_second_factor
from shopkit.accounts.services.telegram import ask_bot_code
from shopkit.core.facts import deliver_all
from shopkit.otp.models import Budget, Challenge
from shopkit.otp.testing import code_of, wrong_code_of

from .calls import PASSWORD, _client, errors_of, get, log_in, make_user, post

pytestmark = pytest.mark.django_db
MAIL = "anna@example.com"
PHONE = "+998901234567"
ABROAD = "+77011234567"
NEW = "another-good-passphrase-8"
CHAT = 77


@pytest.fixture(autouse=True)
def site(settings):
    otp = {"PER_ADDRESS": (), "PER_DESTINATION": (), "RESEND_AFTER": timedelta(0)}
    accounts = {"CONFIRM_URL": "https://shop.test/confirm"}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": otp, "ACCOUNTS": accounts}
    mail.outbox.clear()


@pytest.fixture
def person(anna):
    """Anna, known by everything."""
    EmailAddress.objects.create(user=anna, address=MAIL)
    PhoneNumber.objects.create(user=anna, number=PHONE)
    TelegramAccount.objects.create(user=anna, telegram_id=CHAT, chat_id=CHAT)
    Profile.objects.update_or_create(user=anna)
    return anna


def needs(app):
    return pytest.mark.skipif(not apps.is_installed(app), reason=f"the site has no {app}")


needs_sms = needs("shopkit.sms")


def use(person, channel, *, has_password=True):
    Profile.objects.filter(user=person).update(two_factor=channel)
    if not has_password:
        person.set_unusable_password()
        person.save()


def by_code(channel):
    asked = {"channel": channel, ("email" if channel == "email" else "phone"): MAIL}
    if channel != "email":
        asked["phone"] = PHONE
    challenge = post("auth/otp/", asked).data["challenge"]
    return post("auth/otp/verify/", {"challenge": challenge, "code": code_of(challenge)})


def by_link():
    mail.outbox.clear()
    post("auth/otp/", {"channel": "email", "email": MAIL})
    deliver_all()
    token = mail.outbox[-1].body.partition("?token=")[2].split()[0]
    return post("auth/email/confirm/", {"token": token})


def answer(asked, *, channel):
    """Answer a second factor that is asked for through ``channel``; return the tokens' answer."""
    assert (asked.status_code, set(asked.data)) == (202, {"two_factor"}), asked.data
    assert asked.data["two_factor"]["channel"] == channel
    assert not AuthSession.objects.exists()
    challenge = asked.data["two_factor"]["challenge"]
    return post("auth/login/verify/", {"challenge": challenge, "code": code_of(challenge)})


@needs_sms
def test_a_code_by_mail_is_followed_by_the_second_factor(person):
    use(person, "sms")

    done = answer(by_code("email"), channel="sms")

    assert done.status_code == 200
    assert set(done.data) == {"access", "refresh", "expires_in"}
    assert AuthSession.objects.get().method == SignInMethod.TWO_CODES


@needs_sms
def test_a_code_whose_second_factor_was_put_off_can_be_answered_again(person, settings):
    use(person, "sms")
    otp = {**settings.SHOPKIT["OTP"], "RESEND_AFTER": timedelta(minutes=1)}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": otp}
    assert by_code("email").status_code == 202
    first = post("auth/otp/", {"channel": "email", "email": MAIL}).data["challenge"]
    body = {"challenge": first, "code": code_of(first)}

    put_off = post("auth/otp/verify/", body)
    Challenge.objects.filter(purpose="two_factor").update(resend_at=Now())

    assert (put_off.status_code, put_off.data["code"]) == (429, "rate_limited")
    assert answer(post("auth/otp/verify/", body), channel="sms").status_code == 200
    assert post("auth/otp/verify/", body).data["code"] == "invalid_code"


@needs_sms
def test_a_bot_s_code_whose_second_factor_was_put_off_can_be_answered_again(person, settings):
    use(person, "email")
    otp = {**settings.SHOPKIT["OTP"], "PER_CHANNEL": ("1/day",)}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": otp}
    post("auth/otp/", {"channel": "email", "email": "nobody@example.com"})
    ask_bot_code(Sender(telegram_id=CHAT), update_id=1)
    found = Challenge.objects.get(channel="telegram")
    body = {"code": found.handle + code_of(found.pk)}

    put_off = post("auth/telegram/", body)
    Budget.objects.all().delete()

    assert (put_off.status_code, put_off.data["code"]) == (429, "rate_limited")
    assert answer(post("auth/telegram/", body), channel="email").status_code == 200


@needs_sms
def test_a_mailed_link_is_followed_by_the_second_factor(person):
    use(person, "sms")

    assert answer(by_link(), channel="sms").status_code == 200


@needs_sms
@pytest.mark.parametrize("channel", ["sms", "telegram"])
def test_a_code_to_the_telephone_is_followed_by_the_second_factor(person, channel):
    use(person, "email")

    assert answer(by_code(channel), channel="email").status_code == 200


@needs_sms
@pytest.mark.parametrize(
    ("factor", "first"), [("sms", "sms"), ("telegram", "sms"), ("sms", "telegram")]
)
def test_the_telephone_alone_is_not_two_things(person, factor, first):
    use(person, factor)

    refused = by_code(first)

    assert (refused.status_code, refused.data["code"]) == (403, "password_required")
    assert not AuthSession.objects.exists()
    assert not Challenge.objects.filter(purpose="two_factor").exists()


def test_the_mailbox_alone_is_not_two_things(person):
    use(person, "email")

    for refused in (by_code("email"), by_link()):
        assert (refused.status_code, refused.data["code"]) == (403, "password_required")
    assert not AuthSession.objects.exists()


@needs_sms
def test_an_account_without_a_password_shows_its_other_contact_instead(person):
    use(person, "sms", has_password=False)

    assert answer(by_code("sms"), channel="email").status_code == 200


@needs_sms
def test_an_account_that_has_nothing_else_to_show_is_helped_by_the_shop(person):
    use(person, "sms", has_password=False)
    EmailAddress.objects.all().delete()

    refused = by_code("sms")

    assert (refused.status_code, refused.data["code"]) == (409, "second_factor_lost")
    assert drop_second_factor(person) is True
    assert by_code("sms").status_code == 200
    assert drop_second_factor(person) is False


@needs_sms
def test_the_first_code_does_not_answer_the_second_factor(person):
    use(person, "sms")
    asked = by_code("email").data["two_factor"]["challenge"]
    first = Challenge.objects.exclude(consumed_at=None).get()

    for challenge, code in (
        (asked, wrong_code_of(asked)),
        (str(first.pk), code_of(first.pk)),
    ):
        refused = post("auth/login/verify/", {"challenge": challenge, "code": code})
        assert refused.data["code"] == "invalid_code"
    assert not AuthSession.objects.exists()


@needs_sms
def test_two_codes_count_as_fresh_for_a_first_password(person):
    use(person, "sms", has_password=False)
    tokens = answer(by_code("email"), channel="sms").data

    done = post("auth/password/change/", {"new_password": NEW}, access=tokens["access"])

    assert done.status_code == 200


# Forgotten passwords.


@pytest.mark.parametrize("identifier", [MAIL, "anna"])
def test_a_mailbox_that_is_the_second_factor_sets_no_password_and_is_told_why(person, identifier):
    use(person, "email")

    asked = post("auth/password/forgot/", {"identifier": identifier})
    deliver_all()

    assert (asked.status_code, asked.data["channel"]) == (202, "email")
    assert [one.to for one in mail.outbox] == [[MAIL]]
    assert "second factor" in mail.outbox[0].body
    challenge = asked.data["challenge"]
    assert code_of(challenge) not in mail.outbox[0].body
    body = {"challenge": challenge, "code": code_of(challenge), "new_password": NEW}
    assert post("auth/password/reset/", body).data["code"] == "invalid_code"
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@needs_sms
@pytest.mark.parametrize("factor", ["sms", "telegram"])
def test_a_telephone_that_is_the_second_factor_sets_no_password(person, factor):
    from shopkit.sms.backends.memory import outbox

    use(person, factor)
    outbox.clear()

    asked = post("auth/password/forgot/", {"identifier": PHONE})
    deliver_all()

    challenge = asked.data["challenge"]
    assert [one.phone for one in outbox] == [PHONE]
    assert code_of(challenge) not in outbox[0].text
    body = {"challenge": challenge, "code": code_of(challenge), "new_password": NEW}
    assert post("auth/password/reset/", body).data["code"] == "invalid_code"


def test_a_mailbox_that_becomes_the_second_factor_sets_no_password_any_more(person):
    access = log_in()["access"]
    challenge = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]
    _client(access).put(
        "/api/v1/profile/two-factor/", {"channel": "email", "password": PASSWORD}, format="json"
    )

    body = {"challenge": challenge, "code": code_of(challenge), "new_password": NEW}

    assert post("auth/password/reset/", body).data["code"] == "invalid_code"


@needs_sms
def test_a_password_from_the_other_contact_leaves_the_second_factor_standing(person):
    use(person, "sms")
    challenge = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]
    body = {"challenge": challenge, "code": code_of(challenge), "new_password": NEW}

    assert post("auth/password/reset/", body).status_code == 204
    asked = post("auth/login/", {"username": "anna", "password": NEW})
    assert answer(asked, channel="sms").status_code == 200


def test_why_no_code_came_is_told_to_nobody_else(person):
    asked = post("auth/password/forgot/", {"identifier": "nobody@example.com"})
    deliver_all()

    assert asked.status_code == 202
    assert mail.outbox == []


# Switching it on.


@needs_sms
def test_who_has_one_thing_only_cannot_ask_for_two():
    challenge = post("auth/otp/", {"channel": "sms", "phone": PHONE}).data["challenge"]
    body = {"challenge": challenge, "code": code_of(challenge)}
    tokens = post("auth/otp/verify/", body).data
    again = post("auth/otp/", {"channel": "sms", "phone": PHONE}).data["challenge"]
    proof = {"challenge": again, "code": code_of(again)}

    refused = _client(tokens["access"]).put(
        "/api/v1/profile/two-factor/", {"channel": "sms", **proof}, format="json"
    )

    assert errors_of(refused) == [("channel", "no_first_factor")]


@needs_sms
def test_a_number_that_is_sent_no_codes_is_no_second_factor(person):
    PhoneNumber.objects.filter(user=person).update(number=ABROAD)

    refused = _client(log_in()["access"]).put(
        "/api/v1/profile/two-factor/", {"channel": "sms", "password": PASSWORD}, format="json"
    )

    assert errors_of(refused) == [("channel", "no_destination")]
    assert log_in()


@needs_sms
def test_a_second_factor_that_is_sent_no_codes_any_more_is_lost(person, settings):
    use(person, "sms")
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": {"COUNTRIES": ("KZ",)}}

    refused = post("auth/login/", {"username": "anna", "password": PASSWORD})

    assert (refused.status_code, refused.data["code"]) == (409, "second_factor_lost")


@needs_sms
def test_a_challenge_of_a_factor_that_was_switched_off_signs_nobody_in(person):
    use(person, "sms")
    asked = by_code("email")
    drop_second_factor(person)

    assert answer(asked, channel="sms").data["code"] == "invalid_code"


def test_an_account_without_a_second_factor_is_let_in_by_one_code(person):
    assert by_code("email").status_code == 200
    assert get("profile/", access=log_in()["access"]).data["two_factor"] is None


def test_somebody_else_s_factor_is_nobody_s_business(person):
    other = make_user("berdaq")
    Profile.objects.create(user=other, two_factor="sms")

    assert by_code("email").status_code == 200
