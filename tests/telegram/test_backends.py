"""Every way to the Bot API keeps the contract; the real one fails in known ways, token unseen."""

import json
import logging
import os
import socket
import stat
import traceback

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.telegram.backends import memory
from shopkit.telegram.backends.base import button_keyboard
from shopkit.telegram.backends.bot_api import BotApiBackend
from shopkit.telegram.backends.console import ConsoleBackend
from shopkit.telegram.backends.file import FileBackend
from shopkit.telegram.backends.memory import MemoryBackend
from shopkit.telegram.errors import (
    ChatUnreachable,
    TelegramBusy,
    TelegramError,
    TelegramOutcomeUnknown,
    TelegramRejected,
    TelegramUnavailable,
)
from shopkit.telegram.testing import TelegramBackendContract, text_message
from shopkit.telegram.testing.contract import BLOCKED, CHAT
from shopkit.telegram.testing.fake_bot_api import TOKEN

SECRET_PART = TOKEN.partition(":")[2]


@pytest.fixture
def bot(api):
    return BotApiBackend(token=TOKEN, base_url=api.url, timeout=2)


class TestMemoryBackend(TelegramBackendContract):
    @pytest.fixture
    def backend(self):
        return MemoryBackend(token=TOKEN, blocked=[BLOCKED])


class TestConsoleBackend(TelegramBackendContract):
    @pytest.fixture
    def backend(self):
        return ConsoleBackend(token=TOKEN, blocked=[BLOCKED])


class TestFileBackend(TelegramBackendContract):
    @pytest.fixture
    def backend(self, tmp_path):
        return FileBackend(path=tmp_path / "telegram.jsonl", token=TOKEN, blocked=[BLOCKED])


class TestBotApiBackend(TelegramBackendContract):
    @pytest.fixture
    def backend(self, api, bot):
        api.blocked.add(BLOCKED)
        return bot


def test_memory_keeps_what_was_called():
    MemoryBackend().send_message(CHAT, "Salom", is_protected=True)

    assert memory.outbox == [
        {"method": "sendMessage", "chat_id": CHAT, "text": "Salom", "protect_content": True}
    ]


def test_the_console_shows_a_text_as_people_read_it(capsys):
    ConsoleBackend().send_message(CHAT, "Код: 123456")

    assert capsys.readouterr().out == "--- Telegram sendMessage to 555000111\nКод: 123456\n---\n"


def test_the_file_has_one_line_for_a_message_and_is_its_owners(tmp_path):
    path = tmp_path / "outbox" / "telegram.jsonl"
    FileBackend(path=str(path)).send_message(CHAT, "Код:\n123456")
    FileBackend(path=path).send_message(CHAT, "2", keyboard=button_keyboard([[("Yes", "y")]]))

    first, second = [json.loads(line) for line in path.read_text().splitlines()]
    assert list(first)[:3] == ["at", "chat_id", "text"]
    assert (first["chat_id"], first["text"]) == (CHAT, "Код:\n123456")
    assert second["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_message_is_posted_as_json(api, bot):
    assert bot.send_message(CHAT, "Salom", is_silent=True) == 1

    assert api.requests == [
        ("sendMessage", {"chat_id": CHAT, "text": "Salom", "disable_notification": True})
    ]


def test_waiting_is_asked_for_in_seconds(api, bot):
    api.will_fail(429, "Too Many Requests: retry after 17", retry_after=17)

    with pytest.raises(TelegramBusy) as busy:
        bot.send_message(CHAT, "Salom")

    assert busy.value.details == {"retry_after": 17}
    assert len(api.requests) == 1


@pytest.mark.parametrize("wrong", [None, "17", -5, 0])
def test_a_wait_that_telegram_garbles_is_one_second(api, bot, wrong):
    api.will_fail(429, "Too Many Requests", retry_after=wrong)

    with pytest.raises(TelegramBusy) as busy:
        bot.send_message(CHAT, "Salom")
    assert busy.value.details == {"retry_after": 1}


@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", ChatUnreachable),
        (403, "Forbidden: bot can't initiate conversation with a user", ChatUnreachable),
        (400, "Bad Request: chat not found", ChatUnreachable),
        (400, "Bad Request: can't parse entities", TelegramRejected),
        (401, "Unauthorized", TelegramRejected),
        (404, "Not Found", TelegramRejected),
        (409, "Conflict: terminated by other getUpdates request", TelegramRejected),
        (500, "Internal Server Error", TelegramUnavailable),
        (502, "Bad Gateway", TelegramUnavailable),
    ],
)
def test_each_refusal_has_its_kind(api, bot, code, description, kind):
    api.will_fail(code, description)

    with pytest.raises(TelegramError) as failure:
        bot.send_message(CHAT, "Salom")

    assert type(failure.value) is kind
    assert (failure.value.error_code, failure.value.description) == (code, description)
    assert failure.value.details == {}
    assert description not in str(failure.value)


def test_a_group_that_moved_names_its_new_chat(api, bot):
    api.will_fail(400, "group chat was upgraded", migrate_to_chat_id=-100123)

    with pytest.raises(TelegramRejected) as failure:
        bot.send_message(-5, "Salom")
    assert failure.value.details == {"migrate_to_chat_id": -100123}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>captive portal</html>", TelegramOutcomeUnknown),
        (200, b"[]", TelegramOutcomeUnknown),
        (200, {"ok": True, "result": {}}, TelegramOutcomeUnknown),
        (200, {"ok": True, "result": None}, TelegramOutcomeUnknown),
        (200, {"ok": False}, TelegramOutcomeUnknown),
        (302, b"", TelegramOutcomeUnknown),
        (502, b"<html>bad gateway</html>", TelegramUnavailable),
        (403, b"<html>forbidden</html>", ChatUnreachable),
        (200, b"", TelegramOutcomeUnknown),  # hangs up
    ],
)
def test_rubbish_is_an_error_of_ours(api, bot, status, body, kind):
    api.will_answer(status, body)

    with pytest.raises(TelegramError) as failure:
        bot.send_message(CHAT, "Salom")
    assert type(failure.value) is kind


def test_silence_after_the_message_went_out_is_an_unknown_outcome(api):
    api.pause = 1
    bot = BotApiBackend(token=TOKEN, base_url=api.url, timeout=0.2)

    with pytest.raises(TelegramOutcomeUnknown):
        bot.send_message(CHAT, "Salom")
    assert len(api.messages) == 1


def test_a_server_that_is_not_there_took_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(TelegramUnavailable):
        BotApiBackend(token=TOKEN, base_url=f"http://127.0.0.1:{port}").send_message(1, "Salom")


def show(error):
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


@pytest.mark.parametrize("trouble", ["refused", "silence", "rubbish", "gone", "echo"])
def test_the_token_is_in_no_log_and_no_traceback(api, caplog, trouble):
    caplog.set_level(logging.DEBUG)
    bot = BotApiBackend(token=TOKEN, base_url=api.url, timeout=0.2)
    if trouble == "refused":
        api.will_fail(401, "Unauthorized")
    elif trouble == "silence":
        api.pause = 0.5
    elif trouble == "rubbish":
        api.will_answer(200, b"no json")
    elif trouble == "echo":
        api.will_fail(404, f"Not Found: /bot{TOKEN}/sendMessage")
    else:
        bot = BotApiBackend(token=TOKEN, base_url="http://127.0.0.1:1", timeout=0.2)

    with pytest.raises(TelegramError) as failure:
        bot.send_message(CHAT, "Salom")

    shown = show(failure.value)
    assert "shopkit" in caplog.text
    assert SECRET_PART not in str(vars(failure.value))
    assert SECRET_PART not in shown
    assert SECRET_PART not in caplog.text
    assert failure.value.__context__ is None


def test_the_settings_do_not_show_secrets():
    from shopkit.telegram.conf import telegram_settings

    shown = repr(telegram_settings())

    assert SECRET_PART not in shown
    assert "tests-only-webhook-secret" not in shown


@pytest.mark.parametrize("token", ["", "123", "bot123:abc", "123:ab c", "123:abc/../x", "x:abc"])
def test_a_token_of_another_form_is_refused_unseen(token):
    with pytest.raises(ImproperlyConfigured) as refusal:
        BotApiBackend(token=token)
    assert not token or token not in str(refusal.value)


def test_the_test_data_centre_has_its_branch():
    with pytest.raises(ImproperlyConfigured):
        BotApiBackend(token=TOKEN, base_url="http://api.example.com")
    assert BotApiBackend(token=TOKEN, is_test=True)._branch == "/test"


def test_updates_are_fetched_from_an_offset(api, bot):
    api.queue = [text_message("1", update_id=10), text_message("2", update_id=11)]

    assert [one["update_id"] for one in bot.get_updates()] == [10, 11]
    assert [one["update_id"] for one in bot.get_updates(offset=11)] == [11]
    assert [one["update_id"] for one in bot.get_updates(offset=12)] == []


def test_a_button_that_sends_too_much_is_refused():
    with pytest.raises(ValueError, match="64 bytes"):
        button_keyboard([[("Yes", "y" * 65)]])


def test_an_answer_to_a_press_is_at_most_200_characters():
    with pytest.raises(ValueError, match="200"):
        MemoryBackend().answer_callback("1", "x" * 201)
    assert memory.outbox == []
