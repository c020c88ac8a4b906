"""What the Telegram tests share."""

import json

import pytest

from shopkit.telegram.backends import memory
from shopkit.telegram.testing import FakeBotApi
from tests.telegram import handlers

SECRET = "tests-only-webhook-secret"
URL = "/api/v1/telegram/webhook/"


@pytest.fixture(autouse=True)
def _clean():
    handlers.seen.clear()
    memory.outbox.clear()


@pytest.fixture
def seen():
    return handlers.seen


@pytest.fixture
def configure(settings):
    """Change some of ``SHOPKIT["TELEGRAM"]``."""

    def change(**values):
        telegram = settings.SHOPKIT["TELEGRAM"] | values
        settings.SHOPKIT = settings.SHOPKIT | {"TELEGRAM": telegram}

    return change


@pytest.fixture
def keeping(configure):
    configure(HANDLERS=(f"{handlers.HERE}.keep",))


@pytest.fixture
def api():
    with FakeBotApi() as api:
        yield api


@pytest.fixture
def real_bot(api, configure):
    """The configured bot talks to the fake Bot API."""
    configure(
        BACKEND="shopkit.telegram.backends.bot_api.BotApiBackend",
        OPTIONS={"base_url": api.url, "timeout": 2},
        BOT_TOKEN=api.token,
    )


@pytest.fixture
def post(client, django_capture_on_commit_callbacks):
    """Post an update, or raw bytes, as Telegram does; it is handled before this returns."""

    def send(body, *, secret=SECRET, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if secret is not None:
            headers["HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN"] = secret
        with django_capture_on_commit_callbacks(execute=True):
            return client.generic("POST", URL, raw, content_type="application/json", **headers)

    return send
