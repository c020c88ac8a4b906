"""Links that open the bot."""

import re

from django.core.exceptions import ImproperlyConfigured

from .conf import telegram_settings

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def deep_link(payload: str) -> str:
    """Return the link whose Start button sends ``/start <payload>`` to the bot.

    payload -- 1 to 64 of A-Z a-z 0-9 _ -; it is a secret when it signs somebody in. Opening the
        link proves nothing by itself: someone may have been sent another's link

    Raises ValueError for another payload, ImproperlyConfigured without BOT_USERNAME.
    """
    if not PAYLOAD.fullmatch(payload):
        raise ValueError("payload must be 1 to 64 of A-Z a-z 0-9 _ -.")
    name = telegram_settings().BOT_USERNAME
    if not name:
        raise ImproperlyConfigured('SHOPKIT["TELEGRAM"]["BOT_USERNAME"] is needed for links.')
    return f"https://t.me/{name}?start={payload}"
