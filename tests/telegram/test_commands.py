"""Commands: polling for development, and the webhook told to Telegram."""

import pytest
from django.core.management import CommandError, call_command

from shopkit.telegram.backends.memory import MemoryBackend
from shopkit.telegram.errors import TelegramBusy
from shopkit.telegram.models import Update
from shopkit.telegram.testing import text_message

URL = "https://shop.example/api/v1/telegram/webhook/"


class Interrupted(MemoryBackend):
    """Telegram is busy at the first call; at the second somebody presses Ctrl-C."""

    calls = 0

    def perform(self, method, params):
        type(self).calls += 1
        if self.calls == 1:
            raise TelegramBusy(retry_after=0)
        raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_polling_once_handles_what_waits_and_confirms_it(api, real_bot, configure, seen, capsys):
    configure(HANDLERS=("tests.telegram.handlers.keep",))
    api.queue = [text_message("/start", update_id=10), text_message("/login", update_id=11)]

    call_command("shopkit_telegram_poll", once=True)
    assert capsys.readouterr().out == "received 2\n"
    assert [update.message.command for update in seen] == ["start", "login"]
    assert api.queue == []

    call_command("shopkit_telegram_poll", once=True)
    assert capsys.readouterr().out == "received 0\n"
    assert Update.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_update_that_cannot_be_stored_does_not_stop_polling(api, real_bot):
    api.queue = [
        text_message("\x00", update_id=10),
        text_message("/login", update_id=11),
    ]

    call_command("shopkit_telegram_poll", once=True)

    assert list(Update.objects.values_list("update_id", flat=True)) == [11]
    assert api.queue == []


@pytest.mark.django_db
def test_polling_beside_a_webhook_says_what_to_do(api, real_bot):
    api.webhook = {"url": URL}

    with pytest.raises(CommandError, match="shopkit_telegram_webhook delete"):
        call_command("shopkit_telegram_poll")


@pytest.mark.django_db
def test_polling_outlives_a_busy_telegram_and_ctrl_c_ends_it_cleanly(configure, capsys):
    configure(BACKEND="tests.telegram.test_commands.Interrupted")

    call_command("shopkit_telegram_poll", wait=0)

    said = capsys.readouterr()
    assert said.out == "polling; Ctrl-C stops\nstopped\n"
    assert said.err == "Telegram asks us to wait. Try again later. (telegram_busy)\n"
    assert Interrupted.calls == 2


def test_the_webhook_is_set_with_the_secret_and_shown(api, real_bot, capsys):
    call_command("shopkit_telegram_webhook", "set", URL)

    assert api.webhook == {
        "url": URL,
        "secret_token": "tests-only-webhook-secret",
        "drop_pending_updates": False,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    shown = capsys.readouterr().out
    assert f"url: {URL}\npending_update_count: -\n" in shown
    assert "tests-only-webhook-secret" not in shown


@pytest.mark.parametrize("url", ["", "http://shop.example/", "shop.example"])
def test_a_webhook_without_https_is_refused(api, real_bot, url):
    with pytest.raises(CommandError, match="https"):
        call_command("shopkit_telegram_webhook", "set", url)
    assert api.requests == []


def test_a_webhook_without_a_secret_is_refused(api, real_bot, configure):
    configure(WEBHOOK_SECRET="")

    with pytest.raises(CommandError, match="WEBHOOK_SECRET"):
        call_command("shopkit_telegram_webhook", "set", URL)
    assert api.webhook is None


def test_the_webhook_is_deleted(api, real_bot, capsys):
    api.webhook = {"url": URL}
    api.queue = [text_message("x")]

    call_command("shopkit_telegram_webhook", "delete", drop=True)

    assert api.webhook is None
    assert api.queue == []
    assert "url: -\n" in capsys.readouterr().out


def test_what_telegram_refuses_is_said_without_the_token(api, real_bot):
    api.will_fail(401, "Unauthorized")

    with pytest.raises(CommandError) as refusal:
        call_command("shopkit_telegram_webhook", "info")

    assert str(refusal.value) == "Telegram: 401 Unauthorized"
