"""The webhook takes updates from Telegram only, stores each once and never answers 5xx."""

import io
import json

import pytest

from shopkit.core.models import Delivery
from shopkit.telegram.models import ChatLink, Update
from shopkit.telegram.testing import contact_message, text_message
from tests.telegram.conftest import SECRET, URL
from tests.telegram.handlers import HERE

pytestmark = pytest.mark.django_db


class UnreadableBody(io.BytesIO):
    def read(self, *_):
        raise AssertionError("The body was read before the secret was checked.")


def test_a_new_update_is_stored_and_handled(post, keeping, seen):
    answer = post(text_message("/start", update_id=41))

    assert (answer.status_code, answer.content) == (200, b"{}")
    row = Update.objects.get()
    assert (row.update_id, row.kind, row.attempts, row.last_error) == (41, "message", 1, "")
    assert row.handled_at is not None
    assert row.handler == f"{HERE}.keep"
    assert [update.message.command for update in seen] == ["start"]


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        "tests-only-webhook-secre",
        "tests-only-webhook-secret ",
        "Tests-only-webhook-secret",
    ],
)
def test_without_the_right_secret_nothing_happens(post, keeping, seen, secret):
    answer = post(text_message("/start"), secret=secret)

    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"
    assert answer["Content-Type"] == "application/problem+json"
    assert not Update.objects.exists()
    assert not Delivery.objects.exists()
    assert seen == []


def test_a_secret_of_other_letters_is_403_and_no_error(post):
    assert post(b"{}", secret="\xd1\x81\xd0\xb5\xd0\xba\xd1\x80\xd0\xb5\xd1\x82").status_code == 403


def test_an_empty_setting_lets_nobody_in(post, configure):
    configure(WEBHOOK_SECRET="")

    assert post(text_message("/start"), secret="").status_code == 403
    assert post(text_message("/start"), secret=None).status_code == 403
    assert not Update.objects.exists()


def test_the_secret_is_checked_before_the_body_is_read(client):
    answer = client.generic(
        "POST", URL, b"x", content_type="application/json", **{"wsgi.input": UnreadableBody()}
    )

    assert answer.status_code == 403


def test_credentials_and_tokens_do_not_open_the_webhook(as_staff):
    assert as_staff.post(URL, {"update_id": 1}, format="json").status_code == 403


def test_a_repeated_update_is_answered_and_does_nothing_again(post, keeping, seen):
    update = text_message("/login", update_id=7)
    answers = [post(update) for _ in range(3)]

    assert [(one.status_code, one.content) for one in answers] == [(200, b"{}")] * 3
    assert Update.objects.get().attempts == 1
    assert Delivery.objects.count() == 1
    assert len(seen) == 1


def test_a_repetition_is_known_by_its_number_alone(post, keeping, seen):
    post(text_message("first", update_id=7))
    post(text_message("second", update_id=7))

    assert [update.message.text for update in seen] == ["first"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"7",
        b'"update_id"',
        b"{}",
        b'{"update_id": null}',
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": 7.5}',
        b'{"update_id": -1}',
        b'{"update_id": 9223372036854775808}',
        b'{"update_id": 7, "message": {"text": "\\u0000"}}',
        b'{"update_id": 7, "message": {"text": "\\ud83d"}}',
        b'{"update_id": 7, "message": {"\\ud83d": 1}}',
        b'{"update_id": 7, "message": {"date": NaN}}',
        b'{"update_id": 7, "message": {"date": 1e999}}',
        b'{"update_id": 7, "message": \xff}',
        b'{"update_id": 7, "message": ' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"update_id": 7, "message": ' + b"[" * 60_000 + b"]" * 60_000 + b"}",
        b'{"update_id": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_cannot_be_read_is_noted_and_not_sent_again(post, keeping, seen, body):
    answer = post(body)

    assert (answer.status_code, answer.content) == (200, b"{}")
    row = Update.objects.get()
    assert (row.update_id, row.kind, row.payload, row.attempts) == (None, "unreadable", {}, 0)
    assert row.handled_at is not None
    assert f"{len(body)} bytes" in row.last_error
    assert seen == []


def test_a_body_of_ten_megabytes_is_refused_unread(client):
    answer = client.generic(
        "POST",
        URL,
        b"x",
        content_type="application/json",
        HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=SECRET,
        CONTENT_LENGTH="10000000",
        **{"wsgi.input": UnreadableBody()},
    )

    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"
    assert not Update.objects.exists()


@pytest.mark.parametrize(("size", "status"), [(256 * 1024, 200), (256 * 1024 + 1, 413)])
def test_the_limit_is_256_kilobytes(post, keeping, size, status):
    frame = json.dumps(text_message("")).encode()
    body = frame.replace(b'"text": ""', b'"text": "' + b"x" * (size - len(frame)) + b'"')

    assert len(body) == size
    assert post(body).status_code == status
    assert Update.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(URL).status_code == 403
    told = getattr(client, method)(URL, HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=SECRET)
    assert told.status_code == 405


def test_the_sites_throttles_do_not_hold_updates_back(post, settings, keeping, seen):
    from shopkit.telegram.api.views import TelegramWebhookView

    assert TelegramWebhookView.throttle_classes == ()
    assert {post(text_message("Salom")).status_code for _ in range(30)} == {200}
    assert len(seen) == 30


def test_one_statement_stores_and_one_announces(
    client, statements, keeping, django_capture_on_commit_callbacks
):
    with statements(4), django_capture_on_commit_callbacks():  # two of them are the savepoint
        answer = client.post(
            URL, text_message("/start"), format="json", HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=SECRET
        )
    assert answer.status_code == 200


def test_a_handler_that_fails_does_not_fail_the_webhook(post, configure):
    configure(HANDLERS=(f"{HERE}.break_down",))

    assert post(text_message("/start", update_id=9)).status_code == 200

    row = Update.objects.get()
    assert (row.handled_at, row.attempts) == (None, 1)
    assert row.last_error == "LookupError: the shop is out of paper"
    waiting = Delivery.objects.get()
    assert (waiting.ids, waiting.delivered_at, waiting.attempts) == ({"update_id": 9}, None, 1)


def test_numbers_and_secrets_are_kept_only_while_they_are_needed(post, configure):
    configure(HANDLERS=(f"{HERE}.break_down",))
    post(contact_message("998901234567", update_id=1))
    assert Update.objects.get().payload["message"]["contact"]["phone_number"] == "998901234567"

    configure(HANDLERS=(f"{HERE}.keep",))
    post(contact_message("998901234567", update_id=2))
    post(text_message("/start abcdefgh_secret", update_id=3))

    kept = Update.objects.get(update_id=2).payload["message"]
    assert kept["contact"]["phone_number"] == "…4567"
    assert kept["contact"]["user_id"] == kept["from"]["id"]
    assert Update.objects.get(update_id=3).payload["message"]["text"] == "/start …"


def test_a_person_who_writes_is_remembered_with_language(post, keeping):
    post(text_message("Salom", telegram_id=2**51))

    assert list(ChatLink.objects.values_list("chat_id", "language", "is_dead")) == [
        (2**51, "uz", False)
    ]


def test_the_document_names_the_secret_header(client):
    document = json.loads(client.get("/api/v1/schema/?format=json").content)
    call = document["paths"]["/api/v1/telegram/webhook/"]["post"]

    (header,) = [one for one in call["parameters"] if one["in"] == "header"]
    assert header["name"] == "X-Telegram-Bot-Api-Secret-Token"
    assert header["required"] is True
    assert call["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "object"
    assert {"403", "413"} <= call["responses"].keys()
