"""The bot: from the first word in the chat to a session, by posted updates."""

import json
import re
import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.db.models.functions import Now

from shopkit.accounts.facts import account_created
from shopkit.accounts.models import (
    AuthSession,
    EmailAddress,
    PhoneNumber,
    Profile,
    TelegramAccount,
)
from shopkit.accounts.services.linking import unlink
from shopkit.core import quiet_cache
from shopkit.core.models import Delivery
from shopkit.otp.models import Challenge
from shopkit.otp.testing import code_of
from shopkit.telegram.backends import memory
from shopkit.telegram.errors import TelegramUnavailable
from shopkit.telegram.models import ChatLink, Update
from shopkit.telegram.services import handle_update
from shopkit.telegram.testing import (
    contact_message,
    group_message,
    membership_change,
    text_message,
)
from shopkit.telegram.testing.updates import AYGUL
from tests.threads import at_once, kinds

from .calls import API, get, make_user, post

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+998901234567"
SECRET = "tests-only-webhook-secret"
BERDAQ = 555_000_222


@pytest.fixture(autouse=True)
def site(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "TELEGRAM": {
            **settings.SHOPKIT["TELEGRAM"],
            "HANDLERS": ("shopkit.accounts.dialogue.handle",),
        },
        "OTP": {
            "CHAT_OF": "shopkit.accounts.services.telegram.chat_of",
            "PER_DESTINATION": (),
            "PER_PREFIX": (),
            "PER_ADDRESS": (),
            "PER_CHANNEL": (),
        },
    }
    memory.outbox.clear()
    cache.clear()
    yield settings
    memory.outbox.clear()


@pytest.fixture
def tell(client):
    """Post an update as Telegram does; return what the bot said because of it."""

    def send(update):
        before = len(memory.outbox)
        answer = client.generic(
            "POST",
            f"{API}/telegram/webhook/",
            json.dumps(update).encode(),
            content_type="application/json",
            HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=SECRET,
        )
        assert answer.status_code == 200
        return memory.outbox[before:]

    return send


@pytest.fixture
def share(tell):
    """Send one's own number and return the digits of the code that came."""

    def send(phone=PHONE, *, telegram_id=AYGUL):
        [said] = tell(contact_message(phone, telegram_id=telegram_id, owner=telegram_id))
        assert said["chat_id"] == telegram_id
        return digits(said)

    return send


def digits(said):
    """The code as the bot wrote it, blanks and all."""
    return re.search(r"\d{4,10} \d{3} \d{3}", said["text"])[0]


def answer(code, **headers):
    return post("auth/telegram/", {"code": code}, **headers)


def later():
    """As if the pause before another code were over."""
    Challenge.objects.update(resend_at=Now())


def buttons(said):
    return [button for row in said["reply_markup"]["keyboard"] for button in row]


def test_start_asks_for_the_number_with_a_button(tell):
    [said] = tell(text_message("/start"))

    assert said["text"].startswith("Salom!")
    assert [one["text"] for one in buttons(said) if one.get("request_contact")] == [
        "📱 Raqamimni yuborish"
    ]
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    ("language", "begin"),
    [("uz", "Salom!"), ("kaa", "Sálem!"), ("ru", "Здравствуйте!"), ("en-GB", "Hello!")],
)
def test_the_bot_speaks_the_language_of_the_person_s_telegram(tell, language, begin):
    sender = {"id": AYGUL, "is_bot": False, "first_name": "A", "language_code": language}

    [said] = tell(text_message("/start", **{"from": sender}))

    assert said["text"].startswith(begin)


def test_a_chosen_language_stays_and_becomes_the_profile_s(tell, share):
    [said] = tell(text_message("Qaraqalpaqsha"))
    assert said["text"].startswith("Sálem!")

    answer(share())

    assert Profile.objects.get().language == "kaa"
    [said] = tell(text_message("/start"))
    assert said["text"].startswith("Xosh kelipsiz!")


class CacheAway(BaseCache):
    """Fails whatever it is asked."""

    def __init__(self, _location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        raise ConnectionRefusedError("no server")

    def set(self, key, value, timeout=None, version=None):
        raise ConnectionRefusedError("no server")


def test_the_bot_answers_while_the_cache_is_away(tell, settings, monkeypatch):
    monkeypatch.setattr(quiet_cache, "_paused_until", {})
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.CacheAway"}}

    [said], [chosen] = tell(text_message("/start")), tell(text_message("Qaraqalpaqsha"))

    assert said["text"].startswith("Salom!")
    assert chosen["text"].startswith("Sálem!")


def test_an_own_number_becomes_an_account_and_a_session(share):
    answered = answer(share())

    assert answered.status_code == 200
    body = answered.json()
    assert (body["phone"], body["is_new_user"]) == (PHONE, True)
    assert set(body) == {"access", "refresh", "expires_in", "phone", "is_new_user"}
    profile = get("profile/", access=body["access"]).json()
    assert (profile["phone"], profile["phone_verified"]) == (PHONE, True)
    assert profile["telegram_linked"] is True
    link = TelegramAccount.objects.get()
    assert (link.telegram_id, link.chat_id) == (AYGUL, AYGUL)
    assert AuthSession.objects.get().method == "telegram"


def test_an_account_from_the_bot_is_announced_once(share):
    answer(share())
    later()
    answer(share())

    told = Delivery.objects.filter(fact=account_created.name)
    assert sorted(told.values_list("subscriber", flat=True)) == sorted(account_created.subscribers)


@pytest.mark.parametrize("number", ["998901234567", "+998901234567"])
def test_numbers_with_and_without_a_plus_are_one(share, number):
    assert answer(share(number)).json()["phone"] == PHONE


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: f"  {code.replace(' ', ' ')} ",
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
    ids=["shown", "bare", "hyphens", "blanks", "arabic"],
)
def test_a_code_is_understood_however_it_is_typed(share, typed):
    assert answer(typed(share())).status_code == 200


def test_a_known_chat_gets_a_code_without_a_contact(tell, share):
    first = answer(share()).json()

    [said] = tell(text_message("/login"))
    second = answer(digits(said)).json()

    assert (second["is_new_user"], second["phone"]) == (False, PHONE)
    assert get_user_model()._default_manager.count() == 1
    assert get("profile/", access=first["access"]).status_code == 200


def test_the_button_does_what_login_does(tell, share):
    answer(share())
    [said] = tell(text_message("/start"))
    word = buttons(said)[0]["text"]

    [said] = tell(text_message(word))

    assert answer(digits(said)).status_code == 200


def test_an_unknown_chat_is_asked_for_its_number_first(tell):
    [said] = tell(text_message("/login"))

    assert said["text"].startswith("Salom!")
    assert not Challenge.objects.exists()


def test_the_owner_of_a_proven_number_is_not_made_twice(share):
    anna = make_user("anna")
    PhoneNumber.objects.create(user=anna, number=PHONE)

    body = answer(share()).json()

    assert body["is_new_user"] is False
    assert TelegramAccount.objects.get().user == anna


def test_a_repeat_within_the_pause_is_told_when(tell, share):
    share()

    [said] = tell(contact_message(PHONE))

    assert re.search(r"\d+ soniyadan keyin", said["text"])
    assert Challenge.objects.count() == 1


def test_an_update_handled_twice_makes_one_code(share, tell):
    update = contact_message(PHONE)
    tell(update)
    Update.objects.update(handled_at=None, payload=update)

    handle_update(update["update_id"])

    assert Challenge.objects.count() == 1
    assert len(memory.outbox) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"owner": BERDAQ},
        {"owner": None},
        {"forward_origin": {"type": "user", "date": 1}},
        {"forward_date": 1},
        {"via_bot": {"id": 1, "is_bot": True, "first_name": "x"}},
        {"chat": {"id": -100_1, "type": "supergroup"}},
        {"from": {"id": BERDAQ, "is_bot": False, "first_name": "B"}},
        {"from": {"id": AYGUL, "is_bot": True, "first_name": "B"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_card_that_is_not_surely_one_s_own_makes_no_code(tell, change):
    said = tell(contact_message(PHONE, **change))

    assert not Challenge.objects.exists()
    assert not any(re.search(r"\d{3} \d{3}", one["text"]) for one in said)


def test_a_foreign_card_is_explained(tell):
    [said] = tell(contact_message(PHONE, owner=BERDAQ))

    assert said["text"].startswith("Bu sizning raqamingiz emas")


def test_groups_edits_forwards_and_silence_change_nothing(tell, share):
    answer(share())
    edited = text_message("/stop")
    edited["edited_message"] = edited.pop("message")
    photo = text_message("x", photo=[{"file_id": "1"}])
    del photo["message"]["text"]

    for update in (
        group_message("/stop"),
        group_message("/start"),
        edited,
        text_message("/stop", forward_origin={"type": "hidden_user"}),
        photo,
        text_message("hello?"),
        membership_change("kicked"),
    ):
        assert tell(update) == []

    assert TelegramAccount.objects.count() == 1


def test_a_number_nobody_can_have_is_refused(tell):
    [said] = tell(contact_message("+99890123"))

    assert said["text"] == "Bu raqamdan foydalanib bo‘lmaydi."
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    "code", ["", "123", "0000000000", "abcdefghij", "1" * 65, "12345678901234"]
)
def test_what_is_no_code_is_400(share, code):
    share()

    assert answer(code).status_code == 400
    assert not AuthSession.objects.exists()


def test_wrong_used_and_replaced_codes_get_one_answer(share):
    code = share()
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    refused = answer(wrong)
    answer(code)
    later()
    old = share()
    later()
    share()

    for other in (code, old, "0000 000 000"):
        assert answer(other).content == refused.content
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_code")


def test_five_wrong_guesses_end_a_code(share):
    code = share()
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)

    for number in range(5):
        answer(wrong, **{"X-Forwarded-For": f"203.0.113.{number}"})

    assert answer(code).status_code == 400
    assert not AuthSession.objects.exists()


def test_an_expired_code_is_refused(share):
    code = share()
    past = Now() - timedelta(hours=1)
    Challenge.objects.update(created_at=past, expires_at=past + timedelta(minutes=5))

    assert answer(code).status_code == 400


def test_an_account_that_is_switched_off_stays_out(share):
    anna = make_user("anna")
    PhoneNumber.objects.create(user=anna, number=PHONE)
    anna.is_active = False
    anna.save()

    assert answer(share()).status_code == 400
    assert not TelegramAccount.objects.exists()


def test_a_number_bound_to_another_chat_is_not_rebound(share, tell):
    answer(share())

    [said] = tell(contact_message(PHONE, telegram_id=BERDAQ, owner=BERDAQ))

    assert said["text"].startswith("Bu raqam boshqa Telegram")
    assert not Challenge.objects.filter(destination=f"telegram:{BERDAQ}").exists()
    assert TelegramAccount.objects.get().telegram_id == AYGUL


def test_a_code_asked_for_before_another_chat_was_bound_is_worthless(share):
    first, second = share(), share(telegram_id=BERDAQ)
    assert answer(first).status_code == 200

    assert answer(second).status_code == 400

    assert TelegramAccount.objects.get().telegram_id == AYGUL
    assert get_user_model()._default_manager.count() == 1


def test_after_the_old_chat_let_go_another_may_be_bound(share, tell):
    answer(share())
    [said] = tell(text_message("/stop"))
    assert said["text"].startswith("Telegram hisobingizdan uzildi")
    assert not TelegramAccount.objects.exists()

    assert answer(share(telegram_id=BERDAQ)).json()["is_new_user"] is False

    assert TelegramAccount.objects.get().telegram_id == BERDAQ


def test_stop_withdraws_a_code_on_its_way(share, tell):
    code = share()

    tell(text_message("/stop"))

    assert answer(code).status_code == 400


def test_who_has_no_other_way_in_is_only_silenced(tell):
    user = make_user("anna")
    user.set_unusable_password()
    user.save()
    TelegramAccount.objects.create(user=user, telegram_id=AYGUL, chat_id=AYGUL)

    tell(text_message("/stop"))
    assert TelegramAccount.objects.get().chat_id is None

    [said] = tell(text_message("/login"))
    assert answer(digits(said)).status_code == 200
    assert TelegramAccount.objects.get().chat_id == AYGUL


def test_the_bot_s_code_is_followed_by_the_second_factor_and_binds_no_chat_before(share):
    user = make_user("anna")
    PhoneNumber.objects.create(user=user, number=PHONE)
    EmailAddress.objects.create(user=user, address="anna@example.com")
    Profile.objects.create(user=user, two_factor="email")

    asked = answer(share())

    assert asked.status_code == 202
    assert not AuthSession.objects.exists()
    assert not TelegramAccount.objects.exists()
    challenge = asked.data["two_factor"]["challenge"]
    body = {"challenge": challenge, "code": code_of(challenge)}
    assert post("auth/login/verify/", body).status_code == 200
    assert TelegramAccount.objects.get().user == user


def test_a_chat_that_became_another_s_meanwhile_is_not_bound(share):
    user = make_user("anna")
    PhoneNumber.objects.create(user=user, number=PHONE)
    EmailAddress.objects.create(user=user, address="anna@example.com")
    Profile.objects.create(user=user, two_factor="email")
    asked = answer(share())
    TelegramAccount.objects.create(user=make_user("berdaq"), telegram_id=AYGUL)

    challenge = asked.data["two_factor"]["challenge"]
    body = {"challenge": challenge, "code": code_of(challenge)}

    assert post("auth/login/verify/", body).data["code"] == "invalid_code"
    assert not AuthSession.objects.exists()


def test_the_bot_s_code_does_not_pass_a_second_factor_on_the_same_telephone(share):
    user = make_user("anna")
    PhoneNumber.objects.create(user=user, number=PHONE)
    Profile.objects.create(user=user, two_factor="sms")

    refused = answer(share())

    assert (refused.status_code, refused.data["code"]) == (403, "password_required")
    assert not TelegramAccount.objects.exists()
    assert not AuthSession.objects.exists()


def test_a_number_is_not_added_to_an_account_whose_second_factor_is_not_answered(share):
    user = make_user("anna")
    TelegramAccount.objects.create(user=user, telegram_id=AYGUL, chat_id=AYGUL)
    EmailAddress.objects.create(user=user, address="anna@example.com")
    Profile.objects.create(user=user, two_factor="email")

    assert answer(share()).status_code == 202
    assert not PhoneNumber.objects.exists()


def test_a_second_factor_is_not_lost_by_stop(tell):
    user = make_user("anna")
    Profile.objects.create(user=user, two_factor="telegram")
    TelegramAccount.objects.create(user=user, telegram_id=AYGUL, chat_id=AYGUL)

    tell(text_message("/stop"))

    assert TelegramAccount.objects.get().chat_id == AYGUL


def test_a_code_of_an_unlinked_account_is_worthless(share, tell):
    answer(share())
    [said] = tell(text_message("/login"))

    unlink(TelegramAccount.objects.get())

    assert answer(digits(said)).status_code == 400
    assert not TelegramAccount.objects.exists()


def test_a_page_s_code_comes_into_the_chat_once_the_number_is_proven(tell):
    asked = post("auth/otp/", {"channel": "telegram", "phone": PHONE}).json()
    payload = asked["telegram_url"].partition("?start=")[2]
    assert memory.outbox == []

    [said] = tell(text_message(f"/start {payload}"))
    assert said["text"].startswith("Saytga kirish so‘raldi.")
    [said] = tell(contact_message(PHONE))

    secret = digits(said).replace(" ", "")[-6:]
    body = {"challenge": asked["challenge"], "code": secret}
    assert post("auth/otp/verify/", body).json()["is_new_user"] is True
    assert Challenge.objects.count() == 1


def test_a_page_s_code_comes_later_when_the_bot_was_away(tell, monkeypatch):
    asked = post("auth/otp/", {"channel": "telegram", "phone": PHONE}).json()

    def away(**_):
        raise TelegramUnavailable(method="sendMessage")

    with monkeypatch.context() as patched:
        patched.setattr("shopkit.otp.channels.telegram.send_message", away)
        assert tell(contact_message(PHONE)) == []
    handle_update(Update.objects.get().update_id)
    [said] = memory.outbox

    body = {"challenge": asked["challenge"], "code": digits(said).replace(" ", "")}
    assert post("auth/otp/verify/", body).status_code == 200
    assert Challenge.objects.count() == 1


def test_a_page_s_code_may_also_be_typed_with_its_handle(tell):
    post("auth/otp/", {"channel": "telegram", "phone": PHONE})
    [said] = tell(contact_message(PHONE))

    assert answer(digits(said)).json()["phone"] == PHONE
    assert TelegramAccount.objects.get().telegram_id == AYGUL


def test_a_page_s_code_goes_to_the_linked_chat_at_once(share):
    answer(share())
    memory.outbox.clear()

    asked = post("auth/otp/", {"channel": "telegram", "phone": PHONE}).json()

    [said] = memory.outbox
    assert said["chat_id"] == AYGUL
    body = {"challenge": asked["challenge"], "code": digits(said).replace(" ", "")}
    assert post("auth/otp/verify/", body).json()["is_new_user"] is False


def test_opening_a_link_signs_nobody_in(tell):
    asked = post("auth/otp/", {"channel": "telegram", "phone": PHONE}).json()

    tell(text_message(f"/start {asked['telegram_url'].partition('?start=')[2]}"))

    assert not AuthSession.objects.exists()
    assert Challenge.objects.get().sent_at is None


def test_another_s_number_does_not_get_a_page_s_code(tell):
    post("auth/otp/", {"channel": "telegram", "phone": PHONE})

    tell(contact_message("+998907654321", telegram_id=BERDAQ, owner=BERDAQ))

    assert Challenge.objects.get(destination=PHONE).sent_at is None


def test_a_person_who_blocked_the_bot_fails_nothing(site, tell):
    telegram = {**site.SHOPKIT["TELEGRAM"], "OPTIONS": {"blocked": (AYGUL,)}}
    site.SHOPKIT = {**site.SHOPKIT, "TELEGRAM": telegram}

    assert tell(text_message("/start")) == []
    assert ChatLink.objects.get().is_dead is True
    assert tell(contact_message(PHONE)) == []
    assert Challenge.objects.get().send_error == "ChatUnreachable"


def test_guesses_without_a_challenge_are_counted_per_address(site, share):
    otp = {**site.SHOPKIT["OTP"], "GUESSES_PER_ADDRESS": ("3/hour",)}
    site.SHOPKIT = {**site.SHOPKIT, "OTP": otp}
    code = share()

    statuses = [answer("0000000000").status_code for _ in range(4)]

    assert statuses == [400, 400, 400, 429]
    assert answer(code).status_code == 429


def test_unknown_members_are_refused():
    assert post("auth/telegram/", {"code": "1", "phone": PHONE}).status_code == 400


@pytest.mark.postgres
@pytest.mark.race
def test_many_right_answers_at_once_make_one_session(share):
    code = share()

    answers = at_once([lambda: answer(code).status_code] * 12)

    assert sorted(answers) == [200] + [400] * 11
    assert AuthSession.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.race
def test_of_two_chats_with_one_number_one_is_bound(share):
    for _round in range(3):
        codes = share(), share(telegram_id=BERDAQ)

        answers = at_once([lambda code=code: answer(code).status_code for code in codes])

        assert sorted(answers) == [200, 400]
        assert PhoneNumber.objects.count() == TelegramAccount.objects.count() == 1
        get_user_model()._default_manager.all().delete()
        later()


@pytest.mark.postgres
@pytest.mark.race
def test_two_updates_at_once_make_one_code(tell):
    updates = [contact_message(PHONE) for _ in range(6)]

    outcomes = at_once([lambda one=one: tell(one) for one in updates])

    assert kinds(outcomes) == {"ok": 6}
    assert Challenge.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.race
def test_without_the_locks_two_chats_make_two_users(share):
    """The naive form: look for the owner, then make one."""
    gate = threading.Barrier(2)

    def naive(name):
        if not PhoneNumber.objects.filter(number=PHONE).exists():
            gate.wait(10)
            make_user(name)

    at_once([lambda: naive("anna"), lambda: naive("berdaq")])

    assert get_user_model()._default_manager.count() == 2
