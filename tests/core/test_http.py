"""Calls to the world outside, against servers on loopback."""

import logging
import socket
import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from shopkit.core import http
from shopkit.core.errors import BackendError
from shopkit.sms.testing import FakeGateway

SECRET = "123456:bot-token"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def gateway():
    with FakeGateway() as running:
        yield running


@contextmanager
def raw_server(*chunks, pause=0.0):
    """Answer one connection with these bytes, then hang up; yields the URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    hanging_up = threading.Event()

    def serve():
        with listening, listening.accept()[0] as connection:
            connection.recv(65_536)
            try:
                for chunk in chunks:
                    connection.sendall(chunk)
                    hanging_up.wait(pause)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/{SECRET}"
    finally:
        hanging_up.set()
        thread.join(10)


def test_a_json_body_arrives_and_its_answer_is_read(gateway):
    gateway.next(201, {"id": 7}, Retry_After="30")

    answer = http.post_json(f"{gateway.url}/a", {"text": "Код"}, headers={"X-Key": "k"})

    assert (answer.status, answer.json(), answer.retry_after) == (201, {"id": 7}, 30)
    (request,) = gateway.requests
    assert (request.method, request.path, request.fields) == ("POST", "/a", {"text": "Код"})
    assert request.headers["x-key"] == "k"


def test_a_form_a_question_and_a_deletion_arrive(gateway):
    for _ in range(3):
        gateway.next(200)

    http.post_form(f"{gateway.url}/a", {"text": "Код & +"})
    http.get(f"{gateway.url}/b?c=d")
    http.delete(f"{gateway.url}/e")

    form, question, deletion = gateway.requests
    assert form.fields == {"text": "Код & +"}
    assert (question.method, question.path, question.query) == ("GET", "/b", "c=d")
    assert (deletion.method, deletion.path) == ("DELETE", "/e")


def test_a_request_of_another_package_is_sent_as_it_is(gateway):
    gateway.next(200)
    gateway.next(200)
    typed = {"Content-Type": "application/x-www-form-urlencoded", "X-Key": "k"}

    http.send("POST", f"{gateway.url}/a?q=1", body="a[0][b]=1&a[0][c]=%26", headers=typed)
    http.send("GET", f"{gateway.url}/b")

    sent, asked = gateway.requests
    assert (sent.method, sent.path, sent.query) == ("POST", "/a", "q=1")
    assert (sent.fields, sent.headers["x-key"]) == ({"a[0][b]": "1", "a[0][c]": "&"}, "k")
    assert (asked.method, asked.path, asked.fields) == ("GET", "/b", {})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"7", b"\xff", b"[" * 200_000])
def test_a_body_that_is_no_json_object_is_an_empty_one(gateway, body):
    gateway.next(200, body)

    assert http.get(gateway.url).json() == {}


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "٣", "9" * 30, ""])
def test_a_pause_that_is_no_number_is_none(value):
    answer = http.Answer(429, {"Retry-After": value}, b"")

    assert answer.retry_after is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer(gateway, status):
    gateway.next(status, {}, Location=f"{gateway.url}/elsewhere")

    assert http.post_json(f"{gateway.url}/a", {}).status == status
    assert gateway.paths() == ["/a"]


def test_a_netrc_file_does_not_replace_our_credentials(gateway, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other")
    monkeypatch.setenv("NETRC", str(netrc))
    gateway.next(200)

    http.post_json(gateway.url, {}, headers={"Authorization": "Bearer ours"})

    assert gateway.requests[0].headers["authorization"] == "Bearer ours"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://no-such-host.invalid/",
        "nonsense",
        "ftp://127.0.0.1/",
        "http://",
        "http://.example/",
    ],
)
def test_what_was_never_sent_is_unreachable(url):
    with pytest.raises(http.Unreachable):
        http.post_json(f"{url}{SECRET}", {}, timeout=2)


def test_a_header_that_cannot_be_sent_is_unreachable(gateway):
    for value in ("Bearer код", "Bearer a\nb"):
        with pytest.raises(http.Unreachable):
            http.post_json(gateway.url, {}, headers={"Authorization": value})

    assert gateway.requests == []


def test_an_untrusted_certificate_is_unreachable_or_at_worst_unknown():
    with raw_server(b"this is no TLS") as url, pytest.raises(BackendError):
        http.post_json(url.replace("http:", "https:"), {}, timeout=2)


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "chunks",
    [
        (),
        (b"rubbish\r\n\r\n",),
        (HEAD + b"Content-Length: 100\r\n\r\n{}",),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",),
        (HEAD + b"Content-Length: 2000000\r\n\r\n" + b"x" * 1_100_000,),
    ],
)
def test_an_answer_that_breaks_off_or_floods_is_an_unknown_outcome(chunks):
    with raw_server(*chunks) as url, pytest.raises(http.OutcomeUnknown):
        http.post_json(url, {}, timeout=2)


def test_silence_is_an_unknown_outcome():
    with raw_server(b"", pause=5) as url, pytest.raises(http.OutcomeUnknown):
        http.post_json(url, {}, timeout=0.2)


def test_a_trickle_is_an_unknown_outcome():
    drops = [b"4001\r\n" + b"x" * 0x4001 + b"\r\n"] * 20
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

    with raw_server(head, *drops, pause=0.1) as url, pytest.raises(http.OutcomeUnknown):
        http.post_json(url, {}, timeout=0.3)


def test_a_token_in_a_url_is_neither_logged_nor_raised(gateway, caplog):
    gateway.next(200)
    with caplog.at_level(logging.DEBUG):
        http.post_json(f"{gateway.url}/bot{SECRET}/sendMessage", {"text": "482913"})
        with pytest.raises(http.Unreachable) as refused:
            http.post_json(f"http://127.0.0.1:9/bot{SECRET}/sendMessage", {"text": "482913"})
        with raw_server() as url, pytest.raises(http.OutcomeUnknown) as broken:
            http.post_json(url, {"text": "482913"})

    told = caplog.text
    for failure in (refused, broken):
        assert failure.value.__cause__ is None
        assert failure.value.__context__ is None
        told += f"{failure.value!r} {failure.value.details}"
    assert SECRET not in told
    assert "482913" not in told


def test_the_log_of_a_sites_own_calls_is_left_alone(gateway, caplog):
    import requests

    gateway.next(200)
    with caplog.at_level(logging.DEBUG):
        requests.get(f"{gateway.url}/theirs", timeout=5)

    assert "/theirs" in caplog.text


def test_a_missing_package_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(http, "requests", None)

    with pytest.raises(ImproperlyConfigured, match=r'pip install "shopkit\[sms\]"'):
        http.get("https://shop.example/")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.example", "https://api.example"),
        ("https://api.example/v1/", "https://api.example/v1"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_a_base_is_https_or_this_machine(given, kept):
    assert http.checked_base(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "http://api.example",
        "ftp://a",
        "api.example",
        "",
        "https://",
        "https://a/?b",
        "https://a/#b",
        "https://[",
    ],
)
def test_a_base_that_is_not_safe_is_refused(given):
    with pytest.raises(ImproperlyConfigured):
        http.checked_base(given)


def test_basic_auth_is_that_of_the_vector():
    assert http.basic_auth("shoptest", "made-up-pass") == {
        "Authorization": "Basic c2hvcHRlc3Q6bWFkZS11cC1wYXNz"
    }


@pytest.mark.django_db(transaction=True)
def test_a_call_that_would_hold_locks_is_warned_of_before_it_is_made(gateway):
    gateway.next(200, {})
    with (
        transaction.atomic(),
        pytest.warns(http.LocksHeldWarning, match="inside a transaction") as told,
    ):
        http.get(f"{gateway.url}/x")
    assert told[0].filename == __file__

    # Outside of it, and after it, nobody is.
    gateway.next(200, {})
    http.get(f"{gateway.url}/x")


@pytest.mark.django_db(transaction=True)
def test_where_warnings_are_errors_nothing_is_sent(gateway):
    gateway.next(200, {})
    with transaction.atomic(), pytest.raises(http.LocksHeldWarning):
        http.get(f"{gateway.url}/x")
    assert gateway.requests == []


@pytest.mark.django_db
def test_the_transaction_of_a_test_case_is_none_of_the_sites(gateway):
    gateway.next(200, {})
    http.get(f"{gateway.url}/x")
