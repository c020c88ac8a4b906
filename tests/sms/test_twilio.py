"""Twilio, against a gateway on loopback that speaks its protocol."""

import logging
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from shopkit.sms.backends.base import Sent
from shopkit.sms.backends.twilio import TwilioBackend, signature
from shopkit.sms.callbacks import StatusCallback, StatusUpdate
from shopkit.sms.errors import (
    AccountRejected,
    CallbackRefused,
    NoCredit,
    NumberRejected,
    SmsError,
    SmsNotAccepted,
    SmsOutcomeUnknown,
    SmsUnavailable,
    TextRejected,
)
from shopkit.sms.testing import PHONE

from .names import NOWHERE, REFERENCE

URL = "https://shop.test/sms/twilio/status"
TOKEN = "made_up_twilio_auth_token_00000000"
FIELDS = {
    "AccountSid": "AC" + "0" * 32,
    "MessageSid": "SM" + "a" * 32,
    "MessageStatus": "delivered",
    "To": PHONE,
}
SHA1 = "EiC4+1GIUrq4mVb02rEhCecRyzc="
SHA256 = "IJJelPXEux0QwTkfy4YApVdNOk472X9rjKAVU17twj0="


def send(gateway, text="Salom", reference="", **options):
    backend = TwilioBackend(**{**gateway.options, **options})
    return backend.send(phone=PHONE, text=text, reference=reference)


def test_a_message_is_posted_as_a_form_with_basic_auth(twilio):
    sent = send(twilio, "Код: 482913")

    assert sent == Sent(message_id=twilio.messages[0]["sid"], status="queued", backend="twilio")
    assert twilio.requests[0].fields == {
        "To": "+998901234567",
        "Body": "Код: 482913",
        "From": "+15005550006",
    }


def test_a_messaging_service_and_a_validity_are_passed_on(twilio):
    send(twilio, sender="", messaging_service_sid="MG1", validity=300)

    assert twilio.requests[0].fields == {
        "To": PHONE,
        "Body": "Salom",
        "MessagingServiceSid": "MG1",
        "ValidityPeriod": "300",
    }


def test_an_api_key_signs_in_instead_of_the_token(twilio):
    with pytest.raises(AccountRejected):
        send(twilio, api_key="SK1", api_secret="s")

    # "SK1:s" in base64; the fake knows the account's own token only.
    assert twilio.requests[0].headers["authorization"] == "Basic U0sxOnM="


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (21211, NumberRejected),
        (21408, NumberRejected),
        (21608, NumberRejected),
        (21610, NumberRejected),
        (21612, NumberRejected),
        (21614, NumberRejected),
        (21602, TextRejected),
        (21617, TextRejected),
        (21606, AccountRejected),
        (20429, SmsUnavailable),
        (21611, SmsUnavailable),
        (29999, SmsNotAccepted),
    ],
)
def test_a_code_means_this(twilio, code, error):
    twilio.refusals[PHONE] = code

    with pytest.raises(SmsError) as failure:
        send(twilio)

    assert type(failure.value) is error
    assert twilio.messages == []
    assert len(twilio.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b"", AccountRejected),
        (402, b"", NoCredit),
        (302, b"", SmsNotAccepted),
        (404, b"<html>", SmsNotAccepted),
        (429, b"", SmsUnavailable),
        (503, b"", SmsUnavailable),
        (500, {"code": 20500}, SmsOutcomeUnknown),
        (500, {"code": 21211}, SmsOutcomeUnknown),
        (502, b"<html>", SmsOutcomeUnknown),
        (201, b"<html>", SmsOutcomeUnknown),
        (201, {"status": "queued"}, SmsOutcomeUnknown),
    ],
)
def test_an_answer_without_a_known_code_means_this(twilio, status, body, error):
    twilio.next(status, body)

    with pytest.raises(SmsError) as failure:
        send(twilio)

    assert type(failure.value) is error
    assert len(twilio.requests) == 1


def test_a_wrong_token_is_the_account(twilio):
    with pytest.raises(AccountRejected) as failure:
        send(twilio, auth_token="wrong")

    assert failure.value.gateway_code == "20003"


def test_no_answer_after_the_message_was_taken_is_unknown_and_not_repeated(twilio):
    twilio.silence = 5

    with pytest.raises(SmsOutcomeUnknown):
        send(twilio, timeout=0.2)

    assert len(twilio.messages) == 1


def test_nobody_listening_is_certainly_no_message(twilio):
    with pytest.raises(SmsUnavailable):
        send(twilio, base_url=NOWHERE)


def test_nothing_secret_is_logged_or_raised(twilio, caplog):
    twilio.refusals[PHONE] = 21211

    with caplog.at_level(logging.DEBUG), pytest.raises(NumberRejected) as failure:
        send(twilio, "secret-482913")
    twilio.refusals.clear()
    twilio.silence = 5
    with caplog.at_level(logging.DEBUG), pytest.raises(SmsOutcomeUnknown) as late:
        send(twilio, "secret-482913", timeout=0.2)

    told = f"{caplog.text} {failure.value!r} {vars(failure.value)} "
    told += f"{late.value!r} {late.value.__context__!r} {late.value.__cause__!r}"
    for secret in ("482913", "901234567", twilio.auth_token, "Basic"):
        assert secret not in told


def test_signatures_are_those_of_the_vectors():
    assert signature(URL, FIELDS.items(), key=TOKEN) == SHA1
    assert signature(URL, FIELDS.items(), key=TOKEN, algorithm="HMAC_SHA256") == SHA256


@pytest.fixture
def backend():
    return TwilioBackend(
        account_sid="AC" + "0" * 32, auth_token=TOKEN, sender="Shop", status_callback=URL
    )


def callback_of(signed, fields=FIELDS, query="", settings=""):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if signed is not None:
        headers["x-twilio-signature"] = signed
    if settings:
        headers["x-twilio-webhooks-signature-settings"] = settings
    return StatusCallback(query=query, headers=headers, body=urlencode(fields).encode())


@pytest.mark.parametrize(
    ("signed", "settings"), [(SHA1, ""), (SHA256, "key=made-up,algorithm=HMAC_SHA256")]
)
def test_a_signed_callback_is_read(backend, signed, settings):
    update = backend.read_status(callback_of(signed, settings=settings))

    assert update == StatusUpdate(
        reference="", message_id="SM" + "a" * 32, status="delivered", gateway_code=""
    )


def test_the_signature_covers_the_reference_in_the_url(twilio, backend):
    query = f"reference={REFERENCE}"
    signed = signature(f"{URL}?{query}", FIELDS.items(), key=TOKEN)

    assert backend.read_status(callback_of(signed, query=query)).reference == REFERENCE
    with pytest.raises(CallbackRefused):
        backend.read_status(callback_of(signed, query=query.replace("3f0e", "3f0f")))
    with pytest.raises(CallbackRefused):
        backend.read_status(callback_of(SHA1, query=query))


@pytest.mark.parametrize(
    ("signed", "settings"),
    [
        (None, ""),
        ("", ""),
        ("ö", ""),
        (SHA1.lower(), ""),
        (SHA256, ""),
        (SHA1, "key=x,algorithm=HMAC_SHA256"),
        (SHA1, "key=x,algorithm=none"),
        (SHA1, "algorithm=HMAC_MD5"),
        (signature(URL, FIELDS.items(), key=""), ""),
        (signature(URL, FIELDS.items(), key="another"), ""),
    ],
)
def test_a_wrong_signature_is_refused(backend, signed, settings):
    with pytest.raises(CallbackRefused):
        backend.read_status(callback_of(signed, settings=settings))


@pytest.mark.parametrize(
    "changed", [{"MessageStatus": "failed"}, {"To": "+998907654321"}, {"Extra": "1"}]
)
def test_a_changed_field_is_refused(backend, changed):
    with pytest.raises(CallbackRefused):
        backend.read_status(callback_of(SHA1, {**FIELDS, **changed}))


def test_without_a_callback_url_of_ours_nothing_is_believed():
    backend = TwilioBackend(account_sid="AC1", auth_token=TOKEN, sender="Shop")

    with pytest.raises(CallbackRefused):
        backend.read_status(callback_of(signature("", FIELDS.items(), key=TOKEN)))


def test_a_signed_callback_without_status_is_malformed(backend):
    fields = {"MessageSid": "SM1"}

    with pytest.raises(ValidationError):
        backend.read_status(callback_of(signature(URL, fields.items(), key=TOKEN), fields))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", "queued"),
        ("queued", "queued"),
        ("sending", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "delivered"),
        ("undelivered", "undelivered"),
        ("failed", "failed"),
        ("canceled", "failed"),
        ("something-new", "unknown"),
    ],
)
def test_a_word_means_this(backend, word, status):
    fields = {**FIELDS, "MessageStatus": word, "ErrorCode": "30003"}
    update = backend.read_status(callback_of(signature(URL, fields.items(), key=TOKEN), fields))

    assert (update.status, update.gateway_code) == (status, "30003")


def test_the_callback_url_carries_the_reference(twilio):
    send(twilio, reference=REFERENCE, status_callback=URL)
    send(twilio, status_callback=URL)

    with_reference, without = twilio.messages
    query = parse_qs(urlsplit(with_reference["StatusCallback"]).query)
    assert query == {"reference": [REFERENCE]}
    assert "StatusCallback" not in without


@pytest.mark.parametrize(
    "options",
    [
        {"sender": "Shop"},
        {"auth_token": "x"},
        {"auth_token": "x", "sender": "Shop", "messaging_service_sid": "MG1"},
        {"auth_token": "x", "sender": "Shop", "base_url": "http://api.twilio.com"},
        {"auth_token": "x", "sender": "Shop", "status_callback": "http://shop.example/"},
        {"api_key": "SK1", "sender": "Shop"},
        {"api_key": "SK1", "api_secret": "s", "sender": "Shop", "status_callback": URL},
    ],
)
def test_unusable_options_are_refused(options):
    with pytest.raises(ImproperlyConfigured):
        TwilioBackend(account_sid="AC1", **options)
