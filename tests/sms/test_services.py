"""Sending through the configured gateway, and the record that is left."""

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DataError, IntegrityError, transaction
from django.db.models.functions import Now

from shopkit.sms.backends.memory import MemoryBackend
from shopkit.sms.callbacks import StatusCallback
from shopkit.sms.conf import sms_settings
from shopkit.sms.errors import (
    CallbackRefused,
    GatewayUnknown,
    SmsOutcomeUnknown,
    SmsUnavailable,
    TextRejected,
)
from shopkit.sms.models import Message
from shopkit.sms.services import note_status, send_sms
from shopkit.sms.statuses import DeliveryStatus
from shopkit.sms.templates import sms_text
from shopkit.sms.testing import PHONE, outbox

from .names import ESKIZ, FAILOVER, MEMORY, NOWHERE, SECRET, TWILIO

pytestmark = pytest.mark.django_db
CODE = "secret-482913"


def columns():
    names = ("phone_ending", "segments", "backend", "message_id", "status", "gateway_code")
    return list(Message.objects.values_list(*names))


def test_a_message_goes_out_and_leaves_a_record_without_number_and_text():
    sent = send_sms(phone=PHONE, text=f"Код: {CODE} " + "я" * 60)

    assert outbox[0].phone == PHONE
    assert sent.message_id == "memory-1"
    assert columns() == [("4567", 2, "memory", "memory-1", "queued", "")]
    assert outbox[0].reference == str(Message.objects.get().pk)


def test_sending_takes_three_statements(statements):
    with statements(3):
        send_sms(phone=PHONE, text="Salom")


@pytest.mark.parametrize(("phone", "text"), [("998901234567", "Salom"), (PHONE, " ")])
def test_what_makes_no_sense_leaves_no_record(phone, text):
    with pytest.raises(ValueError, match=r"^(phone|text) must"):
        send_sms(phone=phone, text=text)

    assert columns() == []
    assert outbox == []


def test_what_was_certainly_not_taken_is_failed(use, eskiz):
    eskiz.approved = ()
    use(ESKIZ, **eskiz.options)

    with pytest.raises(TextRejected):
        send_sms(phone=PHONE, text=CODE)

    assert columns() == [("4567", 1, "eskiz", "", "failed", "http_400")]


def test_what_may_have_been_taken_stays_unknown(use, eskiz):
    eskiz.silence = 5
    use(ESKIZ, **{**eskiz.options, "timeout": 0.2})

    with pytest.raises(SmsOutcomeUnknown):
        send_sms(phone=PHONE, text=CODE)

    assert columns() == [("4567", 1, "eskiz", "", "unknown", "outcome_unknown")]
    assert len(eskiz.messages) == 1


def test_the_record_names_the_gateway_that_took_it(use):
    dead = {"email": "a@example.com", "password": "x", "base_url": NOWHERE}
    use(FAILOVER, backends=[{"BACKEND": ESKIZ, "OPTIONS": dead}, {"BACKEND": MEMORY}])

    send_sms(phone=PHONE, text="Salom")

    assert columns() == [("4567", 1, "memory", "memory-1", "queued", "")]


@pytest.mark.parametrize("silence", [0, 5])
def test_nothing_secret_is_logged(use, eskiz, caplog, silence):
    eskiz.silence = silence
    use(ESKIZ, **{**eskiz.options, "timeout": 0.3})

    with caplog.at_level(logging.DEBUG):
        try:
            send_sms(phone=PHONE, text=CODE)
        except SmsOutcomeUnknown:
            assert silence

    assert str(Message.objects.get().pk) in caplog.text
    for secret in (CODE, "901234567", "234567", eskiz.password, *eskiz.tokens):
        assert secret not in caplog.text


@pytest.fixture
def delivered(use, eskiz):
    """A message at Eskiz, and a function that brings news of it."""
    use(ESKIZ, **eskiz.options, callback_url="https://shop.example/s/", callback_secret=SECRET)
    send_sms(phone=PHONE, text="Salom")

    def tell(status, **body):
        url, told = eskiz.callback(status)
        pairs = "&".join(f"{name}={value}" for name, value in {**told, **body}.items())
        query = url.partition("?")[2]
        return note_status("eskiz", StatusCallback(query=query, body=pairs.encode()))

    return tell


def test_news_move_a_message_forward(delivered, eskiz):
    assert delivered("ENROUTE") is True
    assert delivered("DELIVRD") is True

    (row,) = columns()
    assert row == ("4567", 1, "eskiz", eskiz.messages[0]["id"], "delivered", "DELIVRD")


@pytest.mark.parametrize("late", ["ENROUTE", "ACCEPTD", "UNDELIV", "EXPIRED", "DELIVRD", "UNKNOWN"])
def test_what_is_final_stays_whatever_comes_later(delivered, late):
    delivered("DELIVRD")
    before = columns()

    assert delivered(late) is False

    assert columns() == before


def test_news_resolve_an_unknown_outcome(delivered, eskiz):
    Message.objects.update(status="unknown", message_id="")

    delivered("DELIVRD")

    assert columns()[0][3:5] == (eskiz.messages[0]["id"], "delivered")


def test_prose_in_place_of_codes_is_not_kept(delivered, eskiz):
    delivered("SMS+to+901234567+failed", request_id="to+901234567")
    delivered("DELIVRD", request_id="to+901234567")

    assert columns()[0][3:] == (eskiz.messages[0]["id"], "delivered", "DELIVRD")


def test_news_of_a_forgotten_message_are_no_news(delivered):
    Message.objects.all().delete()

    assert delivered("DELIVRD") is False
    assert columns() == []


def test_a_callback_for_another_gateway_is_unknown(delivered):
    for name in ("twilio", "", "failover"):
        with pytest.raises(GatewayUnknown):
            note_status(name, StatusCallback())


def test_a_gateway_that_never_calls_back_believes_nobody():
    with pytest.raises(CallbackRefused):
        note_status("memory", StatusCallback())


def test_behind_a_failover_each_gateway_verifies_its_own(use, eskiz, twilio):
    dead = {**eskiz.options, "base_url": NOWHERE, "callback_secret": SECRET}
    alive = {**twilio.options, "status_callback": "https://shop.example/s/twilio/"}
    use(
        FAILOVER,
        backends=[
            {"BACKEND": ESKIZ, "OPTIONS": dead},
            {"BACKEND": TWILIO, "OPTIONS": alive},
        ],
    )
    send_sms(phone=PHONE, text="Salom")
    url, form, headers = twilio.callback("delivered")
    body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in form.items())
    signed = {"x-twilio-signature": headers["X-Twilio-Signature"]}
    callback = StatusCallback(query=url.partition("?")[2], headers=signed, body=body.encode())

    with pytest.raises(CallbackRefused):
        note_status("eskiz", callback)
    assert note_status("twilio", callback) is True

    assert columns()[0][2:5] == ("twilio", twilio.messages[0]["sid"], "delivered")


class OvertakenBackend(MemoryBackend):
    """Its callback comes before its answer."""

    def deliver(self, *, phone, text, reference):
        Message.objects.filter(pk=reference).update(status="delivered")
        return super().deliver(phone=phone, text=text, reference=reference)


def test_a_callback_that_overtakes_the_answer_is_not_undone(use):
    use(f"{__name__}.OvertakenBackend")

    send_sms(phone=PHONE, text="Salom")

    assert columns() == [("4567", 1, "memory", "memory-1", "delivered", "")]


def test_statuses_replace_only_what_is_earlier():
    assert DeliveryStatus.UNKNOWN.earlier == ()
    assert DeliveryStatus.SENT.earlier == ("unknown", "queued")
    for final in ("DELIVERED", "UNDELIVERED", "EXPIRED", "FAILED"):
        assert DeliveryStatus[final].earlier == ("unknown", "queued", "sent")


def test_old_records_are_forgotten(settings, capsys):
    send_sms(phone=PHONE, text="old")
    Message.objects.update(created_at=Now() - timedelta(days=91))
    send_sms(phone=PHONE, text="new")

    call_command("shopkit_forget_sms")

    assert capsys.readouterr().out == "1 records deleted.\n"
    assert [row[3] for row in columns()] == ["memory-2"]


@pytest.mark.parametrize(
    "wrong", [{"phone_ending": PHONE}, {"phone_ending": "4567", "status": "made-up"}]
)
def test_the_database_refuses_a_whole_number_and_an_unknown_status(wrong):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Message.objects.create(segments=1, **wrong)

    assert columns() == []


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("uz", "Tasdiqlash kodi: 482913"),
        ("kaa", "Tastiyiqlaw kodi: 482913"),
        ("ru-RU", "Kod podtverzhdeniya: 482913"),
        ("de", "Your code: 482913"),
    ],
)
def test_a_text_is_in_the_readers_language_or_the_sites(language, begins):
    assert sms_text(purpose="login", language=language, code="482913").startswith(begins)


def test_a_site_replaces_all_texts_of_ours(settings):
    texts = {"uz": "{site}: kod {code}", "uz-Cyrl": "Код {code}"}
    settings.SHOPKIT = {"SMS": {"BACKEND": MEMORY, "TEMPLATES": {"code": texts}}}

    assert sms_text(purpose="code", language="ru", code="1", site="a.uz") == "a.uz: kod 1"
    assert sms_text(purpose="code", language="uz-cyrl", code="1") == "Код 1"
    with pytest.raises(ValueError, match="site"):
        sms_text(purpose="code", language="uz", code="1")
    assert sms_settings().TEMPLATES == {"code": texts}


def test_a_gateway_that_is_away_is_unavailable(use):
    use(ESKIZ, email="a@example.com", password="x", base_url=NOWHERE)

    with pytest.raises(SmsUnavailable):
        send_sms(phone=PHONE, text="Salom")

    assert columns() == [("4567", 1, "eskiz", "", "failed", "unavailable")]
