"""The channels that the settings name, and by which of them somebody is told."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from shopkit.core.backends import load_backend
from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.recipients import Recipient

from .base import NotificationChannel

# {name: (the app it needs, its class)}
OWN = {
    "email": ("shopkit.notifications", "shopkit.notifications.channels.email.EmailChannel"),
    "sms": ("shopkit.sms", "shopkit.notifications.channels.sms.SmsChannel"),
    "telegram": ("shopkit.telegram", "shopkit.notifications.channels.telegram.TelegramChannel"),
}


def channel_specs() -> Mapping[str, Mapping[str, Any]]:
    """Return {name: {"BACKEND", "OPTIONS"}} of the channels of this site."""
    given = notifications_settings().CHANNELS
    if given is not None:
        return given
    return {name: {"BACKEND": path} for name, (app, path) in OWN.items() if apps.is_installed(app)}


def load_channel(name: str) -> NotificationChannel:
    """Build the channel of that name.

    Raises KeyError for a name that the site does not offer, ImproperlyConfigured for one whose path
    or options are wrong.
    """
    return load_backend(channel_specs()[name], base=NotificationChannel)


def ways_of(kind: str) -> list[list[str]]:
    """Return the ways of a kind, each as those of its channels that this site has, best first."""
    offered = channel_specs().keys()
    ways = [way.split("/") for way in notifications_settings().routes(kind)]
    return [there for way in ways if (there := [name for name in way if name in offered])]


def channels_of(kind: str) -> list[str]:
    """Return every channel that a kind may go through, each once."""
    return list(dict.fromkeys(name for way in ways_of(kind) for name in way))


def address_of(recipient: Recipient, channel: str) -> str:
    """Return where ``channel`` reaches ``recipient``, "" when it does not or may not.

    Somebody whose address is not proven is reached by the site's GUEST_CHANNELS only.
    """
    if recipient.is_guest and channel not in notifications_settings().GUEST_CHANNELS:
        return ""
    if channel not in channel_specs():
        return ""
    return load_channel(channel).address_of(recipient)
