"""System checks of Telegram's settings."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_callable

from .backends.bot_api import TOKEN
from .bot import configured_bot
from .conf import TelegramSettings, telegram_settings

SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


@register("shopkit")
def check_telegram(**_: Any) -> list[CheckMessage]:
    """E001 to E005: what cannot work; W001: a bot that no update can reach by webhook."""
    try:
        settings = telegram_settings()
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    return [*_backend(), *_secrets(settings), *_handlers(settings)]


def _backend() -> Iterable[CheckMessage]:
    try:
        configured_bot()
    except ImproperlyConfigured as error:
        yield Error(f'SHOPKIT["TELEGRAM"]: {error}', id="shopkit.telegram.E001")


@register("shopkit", deploy=True)
def check_bot_for_deployment(**_: Any) -> list[CheckMessage]:
    """W002: a bot is named, and its messages would stay on the server."""
    try:
        bot, is_named = configured_bot(), bool(telegram_settings().BOT_TOKEN)
    except ImproperlyConfigured:
        return []  # E001 or shopkit.core.E001 says it.
    if not (is_named and bot.for_development):
        return []
    text = f'SHOPKIT["TELEGRAM"]: {type(bot).__name__} is for development; nobody gets a message.'
    hint = "Name shopkit.telegram.backends.bot_api.BotApiBackend."
    return [Warning(text, hint=hint, id="shopkit.telegram.W002")]


def _secrets(settings: TelegramSettings) -> Iterable[CheckMessage]:
    """No message repeats a secret: check output ends up in build logs."""
    if settings.WEBHOOK_SECRET and not SECRET.fullmatch(settings.WEBHOOK_SECRET):
        yield Error(
            'SHOPKIT["TELEGRAM"]["WEBHOOK_SECRET"] must be 16 to 256 of A-Z a-z 0-9 _ -.',
            hint='python -c "import secrets; print(secrets.token_urlsafe(32))" makes one.',
            id="shopkit.telegram.E002",
        )
    if settings.BOT_TOKEN and not TOKEN.fullmatch(settings.BOT_TOKEN):
        yield Error(
            'SHOPKIT["TELEGRAM"]["BOT_TOKEN"] is not of the form digits:letters.',
            hint="Copy it from BotFather, without blanks and without the word bot before it.",
            id="shopkit.telegram.E003",
        )
    if settings.BOT_USERNAME and not USERNAME.fullmatch(settings.BOT_USERNAME):
        yield Error(
            'SHOPKIT["TELEGRAM"]["BOT_USERNAME"] is not the name of a bot.',
            hint="Write it without @ and without https://t.me/.",
            id="shopkit.telegram.E005",
        )
    if settings.BOT_TOKEN and not settings.WEBHOOK_SECRET:
        yield Warning(
            'SHOPKIT["TELEGRAM"] has a bot and no WEBHOOK_SECRET: its webhook refuses all updates.',
            hint="Set one, or silence this where updates come by shopkit_telegram_poll only.",
            id="shopkit.telegram.W001",
        )


def _handlers(settings: TelegramSettings) -> Iterable[CheckMessage]:
    for path in settings.HANDLERS:
        try:
            load_callable(path)
        except ImproperlyConfigured as error:
            text = f'SHOPKIT["TELEGRAM"]["HANDLERS"]: {error}'
            yield Error(text, id="shopkit.telegram.E004")
