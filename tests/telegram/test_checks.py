"""Wrong settings of Telegram are found by ``manage.py check``, and no secret is repeated."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.telegram.checks import check_bot_for_deployment, check_telegram
from shopkit.telegram.conf import telegram_settings

BOT_API = "shopkit.telegram.backends.bot_api.BotApiBackend"


def ids():
    return [one.id for one in check_telegram()]


def test_the_defaults_are_fine(settings):
    settings.SHOPKIT = {}

    assert ids() == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"BACKEND": "nowhere.Bot"}, ["shopkit.telegram.E001"]),
        ({"BACKEND": "shopkit.telegram.models.Update"}, ["shopkit.telegram.E001"]),
        ({"OPTIONS": {"colour": "red"}}, ["shopkit.telegram.E001"]),
        (
            {"BACKEND": BOT_API, "OPTIONS": {"base_url": "http://x.example"}},
            ["shopkit.telegram.E001"],
        ),
        ({"BACKEND": BOT_API, "BOT_TOKEN": ""}, ["shopkit.telegram.E001"]),
        ({"WEBHOOK_SECRET": "short-secret-15"}, ["shopkit.telegram.E002"]),
        ({"WEBHOOK_SECRET": "with blanks in it"}, ["shopkit.telegram.E002"]),
        ({"WEBHOOK_SECRET": "x" * 257}, ["shopkit.telegram.E002"]),
        ({"BOT_TOKEN": "bot123:abc"}, ["shopkit.telegram.E003"]),
        ({"HANDLERS": ["nowhere.handler"]}, ["shopkit.telegram.E004"]),
        ({"HANDLERS": ["tests.telegram.handlers.HERE"]}, ["shopkit.telegram.E004"]),
        ({"BOT_USERNAME": "@shop_bot"}, ["shopkit.telegram.E005"]),
        ({"WEBHOOK_SECRET": ""}, ["shopkit.telegram.W001"]),
    ],
)
def test_what_cannot_work_is_named(configure, wrong, found):
    configure(**wrong)

    assert ids() == found
    for message in check_telegram():
        for secret in (wrong.get("WEBHOOK_SECRET"), wrong.get("BOT_TOKEN")):
            assert not secret or secret not in f"{message.msg} {message.hint}"


def test_the_keys_of_the_demo_are_fine(configure):
    configure(BOT_TOKEN="1234567890:demo-token", WEBHOOK_SECRET="demo-telegram-secret")

    assert ids() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"HANDLERS": "shop.handle"},
        {"ALLOWED_UPDATES": "message"},
        {"OPTIONS": {"token": "123:abc"}},
        {"KEEP": timedelta(hours=24)},
        {"MAX_AGE": timedelta(0)},
        {"MINI_APP_MAX_AGE": timedelta(0)},
        {"CLOCK_SKEW": timedelta(seconds=-1)},
    ],
)
def test_values_out_of_range_are_refused_and_left_to_the_core_check(configure, wrong):
    configure(**wrong)

    with pytest.raises(ImproperlyConfigured, match="TELEGRAM"):
        telegram_settings()
    assert ids() == []


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ["shopkit.telegram.W002"]),
        ({"BOT_TOKEN": ""}, []),  # no bot, nothing to say
        ({"BACKEND": BOT_API}, []),
        ({"BACKEND": "nowhere.Bot"}, []),  # E001 says it
    ],
)
def test_a_bot_that_talks_to_nobody_is_a_warning_at_deployment(configure, given, found):
    configure(**given)

    assert [one.id for one in check_bot_for_deployment()] == found
