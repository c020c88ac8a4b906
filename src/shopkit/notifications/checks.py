"""System checks of notifications: what would be told to nobody is found before it is missed."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_callable
from shopkit.core.conf import given_sections

from .channels.loading import channel_specs, load_channel
from .conf import NotificationsSettings, notifications_settings

HANDLER = "shopkit.notifications.staff_buttons.handle"


@register("shopkit")
def check_notifications(**_: Any) -> list[CheckMessage]:
    """E001 to E003: what cannot work; W001, W002: what nobody would hear or answer."""
    try:
        settings = notifications_settings()
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    return [*_channels(), *_callables(settings), *_ways(settings), *_staff(settings)]


def _channels() -> Iterable[CheckMessage]:
    for name in channel_specs():
        try:
            load_channel(name)
        except ImproperlyConfigured as error:
            text = f'SHOPKIT["NOTIFICATIONS"]["CHANNELS"][{name!r}]: {error}'
            yield Error(text, id="shopkit.notifications.E001")


def _callables(settings: NotificationsSettings) -> Iterable[CheckMessage]:
    for name in ("CONTACTS", "STAFF_USER"):
        path = getattr(settings, name)
        if path is None:
            continue
        try:
            load_callable(path)
        except ImproperlyConfigured as error:
            text = f'SHOPKIT["NOTIFICATIONS"]["{name}"]: {error}'
            yield Error(text, id="shopkit.notifications.E002")


def _ways(settings: NotificationsSettings) -> Iterable[CheckMessage]:
    """Only what the site itself named; our defaults may name what it did not install."""
    named = {name for ways in settings.ROUTES.values() for way in ways for name in way.split("/")}
    if "GUEST_CHANNELS" in given_sections().get("NOTIFICATIONS", {}):
        named |= set(settings.GUEST_CHANNELS)
    if unknown := sorted(named - channel_specs().keys()):
        yield Warning(
            f'SHOPKIT["NOTIFICATIONS"] names channels that this site does not have: '
            f"{', '.join(unknown)}.",
            hint='"sms" needs shopkit.sms and "telegram" shopkit.telegram in INSTALLED_APPS; your '
            "own ones stand in CHANNELS.",
            id="shopkit.notifications.W001",
        )


def _staff(settings: NotificationsSettings) -> Iterable[CheckMessage]:
    if settings.STAFF_CHAT_ID is None:
        return
    if not apps.is_installed("shopkit.telegram"):
        yield Error(
            'SHOPKIT["NOTIFICATIONS"]["STAFF_CHAT_ID"] needs shopkit.telegram.',
            id="shopkit.notifications.E003",
        )
    elif HANDLER not in given_sections().get("TELEGRAM", {}).get("HANDLERS", ()):
        yield Warning(
            "The staff's Telegram chat is told about new orders without buttons to confirm them.",
            hint=f'Add "{HANDLER}" to SHOPKIT["TELEGRAM"]["HANDLERS"], or silence this.',
            id="shopkit.notifications.W002",
        )
