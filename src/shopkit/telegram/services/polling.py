"""Updates fetched instead of posted: for development, where Telegram cannot reach the site."""

import logging

from shopkit.telegram.backends.base import TelegramBackend
from shopkit.telegram.conf import telegram_settings

from .intake import take_update

logger = logging.getLogger("shopkit.telegram")


def fetch_updates(bot: TelegramBackend, *, offset: int = 0, wait: int = 0) -> tuple[int, int]:
    """Store what waits at Telegram; return how many came and the offset of the next call.

    The next call with that offset tells Telegram that these are received. One that cannot be stored
    is passed over.

    wait -- seconds to wait for the first one
    """
    found = bot.get_updates(
        offset=offset, wait=wait, allowed_updates=telegram_settings().ALLOWED_UPDATES
    )
    for payload in found:
        number = payload.get("update_id")
        offset = max(offset, number + 1) if isinstance(number, int) else offset
        try:
            take_update(payload)
        except ValueError:
            logger.warning("A fetched Telegram update could not be read.")
    return len(found), offset
