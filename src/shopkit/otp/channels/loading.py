"""The channels that the settings name."""

from collections.abc import Mapping

from django.apps import apps

from shopkit.core.backends import load_backend
from shopkit.otp.conf import otp_settings

from .base import OtpChannel

# {name: (the app it needs, its class)}
OWN = {
    "sms": ("shopkit.sms", "shopkit.otp.channels.sms.SmsChannel"),
    "telegram": ("shopkit.telegram", "shopkit.otp.channels.telegram.TelegramChannel"),
    "email": ("shopkit.otp", "shopkit.otp.channels.email.EmailChannel"),
}


def channel_paths() -> Mapping[str, str]:
    """Return {name: dotted path} of the channels of this site."""
    given = otp_settings().CHANNELS
    if given is not None:
        return given
    return {name: path for name, (app, path) in OWN.items() if apps.is_installed(app)}


def offer(name: str, *, app: str, path: str) -> None:
    """Offer a channel by default, in place of the one of that name; for apps above this one.

    app -- the app that must be installed
    path -- dotted path of an ``OtpChannel`` subclass
    """
    OWN[name] = (app, path)


def load_channel(name: str) -> OtpChannel:
    """Build the channel of that name.

    Raises KeyError for a name that the site does not offer, ImproperlyConfigured for one whose path
    is wrong.
    """
    return load_backend({"BACKEND": channel_paths()[name]}, base=OtpChannel)
