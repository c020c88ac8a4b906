"""How the Bot API can fail. Texts are for customers: no description of Telegram's, no token."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import BackendError


class TelegramError(BackendError):
    """The bot could not do what was asked.

    method -- the Bot API's method; error_code -- Telegram's number, 0 without an answer
    description -- Telegram's own words, for logs and never for customers
    """

    code = "telegram_error"
    message = _("Telegram is not available. Try again later.")

    def __init__(
        self, *, method: str = "", error_code: int = 0, description: str = "", **details: Any
    ) -> None:
        super().__init__(**details)
        self.method = method
        self.error_code = error_code
        self.description = description


class TelegramUnavailable(TelegramError):
    """Nothing was done: Telegram was not reached, or answered 5xx. Trying again is safe."""

    code = "telegram_unavailable"


class TelegramBusy(TelegramUnavailable):
    """details: {"retry_after": seconds} that Telegram wants us to wait. Nothing was done."""

    code = "telegram_busy"
    message = _("Telegram asks us to wait. Try again later.")


class TelegramOutcomeUnknown(TelegramError):
    """The request went out and no answer came: it may have been done. Do not simply repeat it."""

    code = "telegram_outcome_unknown"


class TelegramRejected(TelegramError):
    """Telegram refused for good: our request or our token is wrong.

    details: {"migrate_to_chat_id": id} where a group has become a supergroup.
    """

    code = "telegram_rejected"


class ChatUnreachable(TelegramRejected):
    """The person blocked the bot, never opened it, or the bot was put out of the chat."""

    code = "telegram_chat_unreachable"
    message = _("The bot cannot write to this chat. Open the bot in Telegram and press Start.")
