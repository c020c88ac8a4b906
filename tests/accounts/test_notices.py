"""Whoever's account is changed hears of it everywhere but where the change was made."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db.models.functions import Now

from shopkit.accounts.models import EmailAddress, PhoneNumber, Profile, TelegramAccount
from shopkit.accounts.services.contacts import phone_of, remove_contact, take_over
from shopkit.accounts.services.linking import stop, unlink
from shopkit.accounts.services.second_factor import drop_second_factor
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.otp.models import Budget, Challenge
from shopkit.otp.services import Verified
from shopkit.otp.testing import code_of
from shopkit.sms.backends import memory as sms
from shopkit.telegram.backends import memory as telegram

from .calls import PASSWORD, _client, log_in, make_user, post
from .gateways import FailingGateway

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not apps.is_installed("shopkit.sms"), reason="the site has no messengers"),
]
MAIL, OTHER = "anna@example.com", "new@example.com"
PHONE, SECOND = "+998901234567", "+998907654321"
CHAT = 77
NEW = "another-good-passphrase-8"


@pytest.fixture(autouse=True)
def site(settings):
    otp = {"PER_ADDRESS": (), "PER_DESTINATION": (), "RESEND_AFTER": timedelta(0)}
    settings.SHOPKIT = {**settings.SHOPKIT, "OTP": otp}
    forget_all()
    yield settings
    forget_all()


def forget_all():
    mail.outbox.clear()
    sms.outbox.clear()
    telegram.outbox.clear()
    FailingGateway.asked.clear()


@pytest.fixture
def person(anna):
    """Anna, known by everything."""
    EmailAddress.objects.create(user=anna, address=MAIL)
    PhoneNumber.objects.create(user=anna, number=PHONE)
    TelegramAccount.objects.create(user=anna, telegram_id=CHAT, chat_id=CHAT)
    return anna


@pytest.fixture
def access(person):
    return log_in("anna")["access"]


def told():
    """Return where messages went since the last look: mails, numbers and chats."""
    deliver_all()
    mails = [one.to[0] for one in mail.outbox if "code" not in one.subject.lower()]
    texts = [one.phone for one in sms.outbox if "code" not in one.text.lower()]
    chats = [one["chat_id"] for one in telegram.outbox]
    return sorted(mails), sorted(texts), chats


def change(member, value, access):
    challenge = post(f"profile/{member}/", {member: value}, access=access).data["challenge"]
    deliver_all()
    forget_all()
    body = {"challenge": challenge, "code": code_of(challenge)}
    assert post(f"profile/{member}/verify/", body, access=access).status_code == 200


def test_a_new_phone_is_told_to_the_old_one_and_to_every_other_contact(access):
    change("phone", SECOND, access)

    assert told() == ([MAIL], [PHONE], [CHAT])


def test_the_old_phone_is_that_of_the_moment_when_the_new_one_took_effect(person, access):
    third = "+998935556677"
    first, later = (
        post("profile/phone/", {"phone": phone}, access=access).data["challenge"]
        for phone in (SECOND, third)
    )
    for challenge in (first, later):
        deliver_all()
        forget_all()
        live = post("auth/otp/", {"channel": "sms", "phone": phone_of(person)}).data["challenge"]
        sms.outbox.clear()
        body = {"challenge": challenge, "code": code_of(challenge)}
        assert post("profile/phone/verify/", body, access=access).status_code == 200
        assert Challenge.objects.get(pk=live).voided_at is not None

    assert told() == ([MAIL], [SECOND], [CHAT])


def test_a_new_address_is_told_to_the_old_one_and_to_every_other_contact(access):
    change("email", OTHER, access)

    assert told() == ([MAIL], [PHONE], [CHAT])


def test_a_first_phone_is_told_to_the_contacts_that_were_there(anna):
    EmailAddress.objects.create(user=anna, address=MAIL)

    change("phone", PHONE, log_in("anna")["access"])

    assert told() == ([MAIL], [], [])


def test_a_first_address_is_told_to_the_phone_that_was_there(anna):
    PhoneNumber.objects.create(user=anna, number=PHONE)

    change("email", MAIL, log_in("anna")["access"])

    assert told() == ([], [PHONE], [])


def test_proving_again_what_one_has_is_no_news(access):
    change("phone", PHONE, access)

    assert told() == ([], [], [])


def test_a_changed_password_is_told_everywhere(access):
    body = {"old_password": PASSWORD, "new_password": NEW}
    assert post("auth/password/change/", body, access=access).status_code == 200

    assert told() == ([MAIL], [PHONE], [CHAT])


def test_a_password_that_was_set_anew_is_told_everywhere(person):
    challenge = post("auth/password/forgot/", {"identifier": MAIL}).data["challenge"]
    deliver_all()
    forget_all()
    body = {"challenge": challenge, "code": code_of(challenge), "new_password": NEW}
    assert post("auth/password/reset/", body).status_code == 204

    assert told() == ([MAIL], [PHONE], [CHAT])


@pytest.mark.parametrize("channel", ["email", None])
def test_a_second_factor_switched_on_or_off_is_told_everywhere(person, access, channel):
    body = {"channel": channel, "password": PASSWORD}
    answer = _client(access).put("/api/v1/profile/two-factor/", body, format="json")
    assert answer.status_code == 200

    assert told() == ([MAIL], [PHONE], [CHAT])


def test_a_telegram_that_leaves_is_told_to_the_others(person):
    assert stop(CHAT) == "unlinked"
    assert told() == ([MAIL], [PHONE], [])


def test_what_staff_take_away_is_told_to_the_rest(person):
    Profile.objects.create(user=person, two_factor="sms")
    drop_second_factor(person)
    assert told() == ([MAIL], [PHONE], [CHAT])
    forget_all()

    unlink(TelegramAccount.objects.get())
    assert told() == ([MAIL], [PHONE], [])
    forget_all()

    remove_contact(PhoneNumber.objects.get())
    assert told() == ([MAIL], [], [])


def test_somebody_whose_account_was_taken_over_is_told_where_he_was(person, site):
    EmailAddress.objects.all().delete()
    challenge = post("auth/otp/", {"channel": "email", "email": OTHER}).data["challenge"]
    deliver_all()
    forget_all()
    take_over(
        person,
        Verified(challenge=challenge, destination=OTHER, channel="email", user_ref="", payload={}),
    )

    assert told() == ([], [PHONE], [CHAT])
    assert not PhoneNumber.objects.exists()


# In which words.


@pytest.mark.parametrize(
    ("language", "word"),
    [("ru", "Пароль"), ("uz", "parol"), ("kaa", "Parol"), ("en", "password")],
)
def test_it_is_said_in_the_language_of_the_account(person, access, language, word):
    Profile.objects.update_or_create(user=person, defaults={"language": language})

    body = {"old_password": PASSWORD, "new_password": NEW}
    post("auth/password/change/", body, access=access, **{"Accept-Language": "en"})
    told()

    assert word.lower() in mail.outbox[0].body.lower()
    assert mail.outbox[0].body.strip() == telegram.outbox[0]["text"]
    assert sms.outbox[0].text.isascii()


def test_it_is_said_in_the_language_of_the_change_where_the_account_has_none(person, access):
    body = {"old_password": PASSWORD, "new_password": NEW}
    post("auth/password/change/", body, access=access, **{"Accept-Language": "ru"})
    told()

    assert "пароль" in mail.outbox[0].body.lower()
    assert sms.outbox[0].text.startswith("Parol'")


# When a messenger fails.


def test_of_several_contacts_that_were_taken_away_each_repeats_its_own_message(person, site):
    options = {"BACKEND": "tests.accounts.gateways.FailingGateway", "OPTIONS": {"how": "away"}}
    EmailAddress.objects.all().delete()
    challenge = post("auth/otp/", {"channel": "email", "email": OTHER}).data["challenge"]
    deliver_all()
    forget_all()
    site.SHOPKIT = {**site.SHOPKIT, "SMS": options}
    take_over(
        person,
        Verified(challenge=challenge, destination=OTHER, channel="email", user_ref="", payload={}),
    )
    told()
    Delivery.objects.filter(delivered_at=None).update(due_at=Now())

    assert told() == ([], [], [CHAT])
    assert FailingGateway.asked == [PHONE] * 2


@pytest.mark.parametrize(("how", "asked"), [("away", 2), ("unsure", 1), ("refuses", 1)])
def test_a_gateway_that_fails_repeats_its_own_message_at_most(person, access, site, how, asked):
    options = {"BACKEND": "tests.accounts.gateways.FailingGateway", "OPTIONS": {"how": how}}
    site.SHOPKIT = {**site.SHOPKIT, "SMS": options}

    body = {"old_password": PASSWORD, "new_password": NEW}
    post("auth/password/change/", body, access=access)
    told()
    Delivery.objects.filter(delivered_at=None).update(due_at=Now())

    assert told() == ([MAIL], [], [CHAT])
    assert FailingGateway.asked == [PHONE] * asked


def test_a_text_message_waits_for_its_gateway_and_is_counted_once(person, site):
    site.SHOPKIT = {**site.SHOPKIT, "ACCOUNTS": {"NOTICES_PER_PHONE": ("1/hour", "1/day")}}
    works = site.SHOPKIT
    options = {"BACKEND": "tests.accounts.gateways.FailingGateway", "OPTIONS": {"how": "away"}}
    site.SHOPKIT = {**works, "SMS": options}
    stop(CHAT)
    for _ in range(2):
        told()
        Delivery.objects.filter(delivered_at=None).update(due_at=Now())
    site.SHOPKIT = works

    assert told()[1] == [PHONE]
    assert [one.used for one in Budget.objects.filter(scope="notices")] == [1, 1]


def test_a_chat_that_blocked_the_bot_fails_nothing(person, access, site):
    bot = {**site.SHOPKIT["TELEGRAM"], "OPTIONS": {"blocked": [CHAT]}}
    site.SHOPKIT = {**site.SHOPKIT, "TELEGRAM": bot}

    body = {"old_password": PASSWORD, "new_password": NEW}
    post("auth/password/change/", body, access=access)

    assert told() == ([MAIL], [PHONE], [])
    assert not Delivery.objects.filter(delivered_at=None).exists()


def test_text_messages_are_bounded_and_mails_go_on(person, access, site):
    site.SHOPKIT = {**site.SHOPKIT, "ACCOUNTS": {"NOTICES_PER_PHONE": ("2/hour",)}}

    for channel in ("email", None, "email", None):
        body = {"channel": channel, "password": PASSWORD}
        _client(access).put("/api/v1/profile/two-factor/", body, format="json")

    assert told() == ([MAIL] * 4, [PHONE] * 2, [CHAT] * 4)


def test_a_site_s_own_words_are_texted_and_none_where_it_has_none(person, access, site):
    own = {"NOTICES": {"two_factor": {"en": "Own words."}}}
    site.SHOPKIT = {**site.SHOPKIT, "SMS": {**site.SHOPKIT["SMS"], **own}}

    body = {"channel": "email", "password": PASSWORD}
    _client(access).put("/api/v1/profile/two-factor/", body, format="json")
    post(
        "auth/password/change/",
        {"old_password": PASSWORD, "new_password": NEW},
        access=access,
    )

    assert told()[0] == [MAIL, MAIL]
    assert [one.text for one in sms.outbox] == ["Own words."]


def test_a_user_who_is_gone_is_told_nothing(person):
    stop(CHAT)
    Delivery.objects.filter(delivered_at=None).update(due_at=Now())
    person.delete()

    assert told() == ([], [], [])
    assert not Delivery.objects.filter(delivered_at=None).exists()


def test_nobody_else_is_told(access):
    EmailAddress.objects.create(user=make_user("berdaq"), address="berdaq@example.com")

    change("phone", SECOND, access)

    assert "berdaq@example.com" not in told()[0]
