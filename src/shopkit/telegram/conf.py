"""Settings of Telegram."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class TelegramSettings:
    """``SHOPKIT["TELEGRAM"]``: the site's one bot.

    BACKEND -- dotted path of a ``shopkit.telegram.backends.base.TelegramBackend`` subclass
    OPTIONS -- its keyword arguments, beside ``token``
    BOT_TOKEN -- what BotFather gave, such as "1234567890:AA..."; every backend is given it
    BOT_USERNAME -- the bot's name without @, for links and for commands in groups
    WEBHOOK_SECRET -- 16 to 256 of A-Z a-z 0-9 _ -; Telegram sends it with each update, and an
        update without it is refused; empty refuses them all
    ALLOWED_UPDATES -- kinds of update that Telegram is asked for
    HANDLERS -- dotted paths of ``(update: IncomingUpdate) -> bool``, asked in this order; the first
        that answers True has taken the update. Each must be safe to run twice
    MAX_AGE -- an update that could not be handled for so long after it came is given up
    KEEP -- how long an update is remembered; a repetition is known for so long
    MINI_APP_MAX_AGE -- how old the data of a Mini App may be
    CLOCK_SKEW -- how far in the future Telegram's clock may be
    """

    BACKEND: str = "shopkit.telegram.backends.console.ConsoleBackend"
    OPTIONS: Mapping[str, Any] = field(default_factory=dict, repr=False)
    BOT_TOKEN: str = field(default="", repr=False)
    BOT_USERNAME: str = ""
    WEBHOOK_SECRET: str = field(default="", repr=False)
    ALLOWED_UPDATES: tuple[str, ...] = (
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    )
    HANDLERS: tuple[str, ...] = ()
    MAX_AGE: timedelta = timedelta(hours=1)
    KEEP: timedelta = timedelta(hours=48)
    MINI_APP_MAX_AGE: timedelta = timedelta(hours=1)
    CLOCK_SKEW: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        if any(isinstance(one, str) for one in (self.HANDLERS, self.ALLOWED_UPDATES)):
            raise ValueError("HANDLERS and ALLOWED_UPDATES must be lists, not one text.")
        if "token" in self.OPTIONS:
            raise ValueError("the token belongs into BOT_TOKEN, not into OPTIONS.")
        if self.KEEP < timedelta(hours=25):
            # Telegram itself repeats an update for a day.
            raise ValueError("KEEP must be at least 25 hours.")
        if min(self.MAX_AGE, self.MINI_APP_MAX_AGE) <= timedelta(0):
            raise ValueError("MAX_AGE and MINI_APP_MAX_AGE must be longer than nothing.")
        if self.CLOCK_SKEW < timedelta(0):
            raise ValueError("CLOCK_SKEW must not be negative.")


telegram_settings = Section("TELEGRAM", TelegramSettings)
