"""Eskiz, against a gateway on loopback that speaks its protocol."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from shopkit.sms.backends.base import Sent
from shopkit.sms.backends.eskiz import EskizBackend
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
from tests.threads import at_once, kinds

from .names import NOWHERE, REFERENCE, SECRET

URL = "https://shop.example/api/v1/sms/status/eskiz/"
SEND = "/api/message/sms/send"


def send(gateway, text="Salom", phone=PHONE, reference="", **options):
    backend = EskizBackend(**{**gateway.options, **options})
    return backend.send(phone=phone, text=text, reference=reference)


def test_a_message_is_posted_with_digits_text_and_sender(eskiz):
    sent = send(eskiz, "Kod: 482913", sender="MyShop")

    assert sent == Sent(message_id=eskiz.messages[0]["id"], status="queued", backend="eskiz")
    assert eskiz.requests[-1].fields == {
        "mobile_phone": "998901234567",
        "message": "Kod: 482913",
        "from": "MyShop",
    }


def test_one_login_serves_many_messages(eskiz):
    for _ in range(5):
        send(eskiz)

    assert eskiz.paths() == ["/api/auth/login"] + [SEND] * 5


def test_an_expired_token_costs_one_more_login_and_no_message(eskiz):
    send(eskiz)
    eskiz.expire_tokens()

    send(eskiz)

    assert len(eskiz.messages) == 2
    assert eskiz.paths() == ["/api/auth/login", SEND, SEND, "/api/auth/login", SEND]


def test_a_token_older_than_29_days_is_not_even_tried(eskiz, monkeypatch):
    send(eskiz)
    monkeypatch.setattr("shopkit.sms.backends.eskiz.TOKEN_LIFETIME", 0)
    eskiz.expire_tokens()
    send(eskiz)  # This login's token has no lifetime.

    send(eskiz)

    assert eskiz.paths()[-2:] == ["/api/auth/login", SEND]


def test_a_second_401_ends_it(eskiz):
    send(eskiz)
    eskiz.next(401)
    eskiz.expire_tokens()
    eskiz.requests.clear()

    class Grudge(type(eskiz)):
        def _log_in(self, request):
            reply = super()._log_in(request)
            self.tokens.clear()
            return reply

    eskiz.__class__ = Grudge
    with pytest.raises(AccountRejected):
        send(eskiz)

    assert eskiz.paths() == [SEND, "/api/auth/login", SEND]
    assert len(eskiz.messages) == 1


def test_twenty_threads_log_in_once(eskiz):
    eskiz.login_silence = 0.3

    outcomes = at_once([lambda: send(eskiz, timeout=20)] * 20)

    assert kinds(outcomes) == {"ok": 20}
    assert eskiz.logins == 1
    assert len(eskiz.messages) == 20


def test_twenty_threads_with_an_expired_token_log_in_once_more(eskiz):
    send(eskiz)
    eskiz.expire_tokens()
    eskiz.login_silence = 0.3

    outcomes = at_once([lambda: send(eskiz, timeout=20)] * 20)

    assert kinds(outcomes) == {"ok": 20}
    assert eskiz.logins == 2
    assert len(eskiz.messages) == 21


def test_without_the_lock_many_would_log_in(eskiz, monkeypatch):
    class NoLock:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr("shopkit.sms.backends.eskiz.Lock", NoLock)
    eskiz.login_silence = 0.3

    at_once([lambda: send(eskiz, timeout=20)] * 20)

    assert eskiz.logins > 1


def test_threads_that_waited_for_a_failed_login_do_not_each_try_again(eskiz):
    eskiz.login_silence = 0.5

    outcomes = at_once([lambda: send(eskiz, password="wrong", timeout=20)] * 10)

    assert kinds(outcomes) == {"AccountRejected": 10}
    assert eskiz.logins == 1


def test_after_a_failed_login_the_next_message_tries_again(eskiz):
    eskiz.next(500)
    with pytest.raises(SmsUnavailable):
        send(eskiz)

    send(eskiz)

    assert eskiz.logins == 2
    assert len(eskiz.messages) == 1


def test_wrong_credentials_are_the_account(eskiz):
    with pytest.raises(AccountRejected):
        send(eskiz, password="wrong")

    assert eskiz.paths() == ["/api/auth/login"]


def test_a_login_that_does_not_answer_is_certainly_no_message(eskiz):
    eskiz.login_silence = 5

    with pytest.raises(SmsUnavailable):
        send(eskiz, timeout=0.2)

    assert eskiz.messages == []


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1]", {"data": None}, {"data": {"token": 5}}])
def test_a_login_that_answers_rubbish_is_certainly_no_message(eskiz, body):
    eskiz.next(200, body)

    with pytest.raises(SmsUnavailable):
        send(eskiz)

    assert eskiz.paths() == ["/api/auth/login"]


def test_no_answer_after_the_message_was_taken_is_unknown_and_not_repeated(eskiz):
    send(eskiz)
    eskiz.silence = 5

    with pytest.raises(SmsOutcomeUnknown):
        send(eskiz, timeout=0.2)

    assert len(eskiz.messages) == 2


def test_nobody_listening_is_certainly_no_message():
    backend = EskizBackend(email="a@example.com", password="x", base_url=NOWHERE)

    with pytest.raises(SmsUnavailable):
        backend.send(phone=PHONE, text="Salom")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"message": "Этот смс текст не прошёл модерацию"}, TextRejected),
        (400, {"message": "Для теста только: This is test from Eskiz"}, TextRejected),
        (400, {"message": "Недостаточно средств"}, NoCredit),
        (422, {"message": {"mobile_phone": ["mobile_phone is wrong"]}}, NumberRejected),
        (400, {"message": "Nickname is not yours"}, AccountRejected),
        (400, {"message": "?"}, SmsNotAccepted),
        (400, b"<html>Bad Request</html>", SmsNotAccepted),
        (200, {"status": "error", "message": "Недостаточно средств"}, NoCredit),
        (402, {}, NoCredit),
        (403, {}, AccountRejected),
        (302, {}, SmsNotAccepted),
        (404, b"nothing here", SmsNotAccepted),
        (429, {}, SmsUnavailable),
        (503, {}, SmsUnavailable),
        (500, {}, SmsOutcomeUnknown),
        (502, b"<html>Bad Gateway</html>", SmsOutcomeUnknown),
        (504, b"", SmsOutcomeUnknown),
        (200, b"<html>OK</html>", SmsOutcomeUnknown),
        (200, {"message": "no id"}, SmsOutcomeUnknown),
    ],
)
def test_an_answer_means_this(eskiz, status, body, error):
    send(eskiz)
    eskiz.next(status, body)

    with pytest.raises(SmsError) as failure:
        send(eskiz)

    assert type(failure.value) is error
    assert len(eskiz.messages) == 1
    assert eskiz.paths()[1:] == [SEND, SEND]


def test_busy_tells_when_to_come_back(eskiz):
    send(eskiz)
    eskiz.next(429, {}, Retry_After="30")

    with pytest.raises(SmsUnavailable) as failure:
        send(eskiz)

    assert failure.value.details == {"retry_after": 30}


def test_a_text_without_approved_template_is_refused_by_the_gateway(eskiz):
    eskiz.approved = (r"Kod: \d{6}",)

    send(eskiz, "Kod: 482913")
    with pytest.raises(TextRejected):
        send(eskiz, "Your code: 482913")

    assert [message["message"] for message in eskiz.messages] == ["Kod: 482913"]


def test_an_empty_balance_is_no_credit(eskiz):
    eskiz.balance = 0

    with pytest.raises(NoCredit):
        send(eskiz)

    assert eskiz.messages == []


def test_a_number_abroad_never_reaches_the_gateway(eskiz):
    with pytest.raises(NumberRejected):
        send(eskiz, phone="+77011234567")

    assert eskiz.requests == []


def test_a_redirect_is_not_followed(eskiz):
    send(eskiz)
    eskiz.next(307, {}, Location=f"{eskiz.url}/api/message/sms/send")

    with pytest.raises(SmsNotAccepted):
        send(eskiz)

    assert eskiz.paths()[1:] == [SEND, SEND]


def test_nothing_secret_is_logged_or_raised(eskiz, caplog):
    send(eskiz)
    (token,) = eskiz.tokens
    eskiz.approved = ()

    with caplog.at_level(logging.DEBUG), pytest.raises(TextRejected) as failure:
        send(eskiz, "secret-482913")
    eskiz.silence = 5
    eskiz.approved = None
    with caplog.at_level(logging.DEBUG), pytest.raises(SmsOutcomeUnknown) as late:
        send(eskiz, "secret-482913", timeout=0.2)

    told = f"{caplog.text} {failure.value!r} {failure.value.details} {vars(failure.value)}"
    told += f"{late.value!r} {late.value.__context__!r} {late.value.__cause__!r}"
    for secret in (token, "482913", "901234567", eskiz.password):
        assert secret not in told


def callback_of(url, body=b"", content_type="application/x-www-form-urlencoded"):
    return StatusCallback(
        query=urlsplit(url).query, headers={"content-type": content_type}, body=body
    )


@pytest.fixture
def backend(eskiz):
    return EskizBackend(**eskiz.options, callback_url=URL, callback_secret=SECRET)


def test_each_message_gets_a_callback_url_of_its_own(eskiz, backend):
    backend.send(phone=PHONE, text="Salom", reference=REFERENCE)

    url = eskiz.messages[0]["callback_url"]
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{URL}?")
    assert query["reference"] == [REFERENCE]
    assert len(query["token"][0]) == 64


def test_a_message_without_reference_asks_for_no_callback(eskiz, backend):
    backend.send(phone=PHONE, text="Salom")

    assert "callback_url" not in eskiz.messages[0]


MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="request_id"\r\n\r\n7-7\r\n'
    b'--x\r\nContent-Disposition: form-data; name="status"\r\n\r\nDELIVRD\r\n--x--\r\n'
)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"request_id=7-7&status=DELIVRD"),
        ("application/json; charset=utf-8", b'{"request_id": "7-7", "status": "DELIVRD"}'),
        ("multipart/form-data; boundary=x", MULTIPART),
        ("", b"request_id=7-7&status=delivrd"),
    ],
)
def test_a_callback_is_read_from_any_kind_of_body(backend, content_type, body):
    callback = callback_of(backend.callback_for(REFERENCE), body, content_type)

    assert backend.read_status(callback) == StatusUpdate(
        reference=REFERENCE, message_id="7-7", status="delivered", gateway_code="DELIVRD"
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("ACCEPTD", "queued"),
        ("ENROUTE", "sent"),
        ("DELIVERED", "delivered"),
        ("UNDELIV", "undelivered"),
        ("EXPIRED", "expired"),
        ("REJECTD", "failed"),
        ("DELETED", "failed"),
        ("UNKNOWN", "unknown"),
        ("SOMETHING_NEW", "unknown"),
    ],
)
def test_a_word_means_this(backend, word, status):
    callback = callback_of(backend.callback_for(REFERENCE), f"status={word}".encode())

    assert backend.read_status(callback).status == status


def forged_urls(backend):
    right = backend.callback_for(REFERENCE)
    other = EskizBackend(
        email="a", password="b", callback_url=URL, callback_secret="another-secret-123456"
    )
    return [
        URL,
        f"{URL}?reference={REFERENCE}",
        f"{URL}?reference={REFERENCE}&token=",
        f"{URL}?reference={REFERENCE}&token=ö%ff",
        other.callback_for(REFERENCE),
        backend.callback_for("other").replace("reference=other", f"reference={REFERENCE}"),
        right + "0",
        right.replace("token=", "token=0"),
        right + "&reference=other",
        right.replace("reference=", "reference=0"),
    ]


@pytest.mark.parametrize("index", range(10))
def test_a_forged_callback_is_refused_before_its_body_is_read(backend, index):
    callback = callback_of(forged_urls(backend)[index], b"\xff{", "application/json")

    with pytest.raises(CallbackRefused):
        backend.read_status(callback)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"["),
        ("application/json", b"[]"),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"status": "\\ud800"}'),
        ("multipart/form-data", b"status=DELIVRD"),
        ("", b"status=\xff"),
        ("", b"a&" * 200 + b"status=DELIVRD"),
        ("", b""),
        ("", b"status="),
    ],
)
def test_a_genuine_callback_without_sense_is_malformed(backend, content_type, body):
    callback = callback_of(backend.callback_for(REFERENCE), body, content_type)

    with pytest.raises(ValidationError):
        backend.read_status(callback)


@pytest.mark.parametrize(
    "options",
    [
        {"callback_url": URL},
        {"callback_url": URL, "callback_secret": "short"},
        {"callback_url": "http://shop.example/", "callback_secret": SECRET},
        {"base_url": "http://notify.eskiz.uz/api"},
        {"base_url": "notify.eskiz.uz"},
    ],
)
def test_unsafe_options_are_refused(options):
    with pytest.raises(ImproperlyConfigured):
        EskizBackend(email="a@example.com", password="x", **options)
