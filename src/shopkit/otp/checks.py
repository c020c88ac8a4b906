"""System checks: what would make codes guessable, or undeliverable."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.encoding import force_bytes

from shopkit.core.backends import load_callable

from .channels.loading import channel_paths, load_channel
from .conf import OtpSettings, otp_settings

LONGEST_LIFETIME = timedelta(minutes=5)
SHORTEST_KEY = 32


@register("shopkit")
def check_otp(**_: Any) -> list[CheckMessage]:
    """E001 to E004 and W001; a value that no section accepts is shopkit.core.E001."""
    try:
        section = otp_settings()
    except ImproperlyConfigured:
        return []
    return [
        *_check_lifetime(section),
        *_check_keys(section),
        *_check_channels(),
        *_check_chat_of(section),
        *_check_budgets(section),
    ]


def _check_lifetime(section: OtpSettings) -> Iterable[CheckMessage]:
    if section.LIFETIME > LONGEST_LIFETIME:
        yield Error(
            'SHOPKIT["OTP"]["LIFETIME"] is longer than 5 minutes.',
            hint="Whoever looks over a shoulder or into a mailbox has that long to use the code.",
            id="shopkit.otp.E001",
        )


def _check_keys(section: OtpSettings) -> Iterable[CheckMessage]:
    secrets = section.KEYS or {"SECRET_KEY": settings.SECRET_KEY}
    for name, secret in secrets.items():
        if len(force_bytes(secret)) < SHORTEST_KEY:
            yield Error(
                f"The key {name!r} that codes are derived from is shorter than {SHORTEST_KEY} "
                "bytes.",
                hint="Make one with django.core.management.utils.get_random_secret_key().",
                id="shopkit.otp.E002",
            )


def _check_channels() -> Iterable[CheckMessage]:
    for name in channel_paths():
        try:
            load_channel(name)
        # A module of models whose app is not installed raises RuntimeError when it is imported.
        except (ImproperlyConfigured, RuntimeError) as error:
            hint = 'SHOPKIT["OTP"]["CHANNELS"] is {name: dotted path of an OtpChannel subclass}.'
            yield Error(f"Channel {name!r}: {error}", hint=hint, id="shopkit.otp.E003")


def _check_chat_of(section: OtpSettings) -> Iterable[CheckMessage]:
    if not section.CHAT_OF:
        return
    try:
        load_callable(section.CHAT_OF)
    except ImproperlyConfigured as error:
        hint = 'SHOPKIT["OTP"]["CHAT_OF"] is the dotted path of (phone) -> int | None.'
        yield Error(str(error), hint=hint, id="shopkit.otp.E004")


def _check_budgets(section: OtpSettings) -> Iterable[CheckMessage]:
    names = ("PER_DESTINATION", "PER_PREFIX", "PER_ADDRESS", "PER_CHANNEL", "GUESSES_PER_ADDRESS")
    lifted = [name for name in names if not getattr(section, name)]
    if lifted and not settings.DEBUG:
        yield Warning(
            f"SHOPKIT['OTP'] has no limit for {', '.join(lifted)}.",
            hint="Each message costs money, and codes can be guessed as often as they are asked "
            "for.",
            id="shopkit.otp.W001",
        )
