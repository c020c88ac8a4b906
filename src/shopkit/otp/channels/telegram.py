"""Codes by the site's Telegram bot."""

from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from shopkit.core.backends import load_callable
from shopkit.otp.conf import otp_settings
from shopkit.otp.destinations import Kind
from shopkit.otp.errors import OutcomeUnknown, Undeliverable
from shopkit.telegram.errors import TelegramOutcomeUnknown, TelegramRejected
from shopkit.telegram.services import send_message

from .base import CodeMessage, OtpChannel

PREFIX = "telegram:"
# As the bot's other words: said in the reader's language wherever the worker runs.
TEXTS = {
    "en": "Your code: {code}\n\nIt is good for {minutes} minutes. Do not tell it to anyone.",
    "ru": "Ваш код: {code}\n\nОн действует {minutes} мин. Никому его не сообщайте.",
    "uz": "Kodingiz: {code}\n\nU {minutes} daqiqa amal qiladi. Uni hech kimga aytmang.",
    "kaa": "Kodıńız: {code}\n\nOl {minutes} minut jaramlı. Onı hesh kimge aytpań.",
}


class TelegramChannel(OtpChannel):
    """A message of the bot's, which cannot be forwarded.

    A number is reached in the chat that ``OTP["CHAT_OF"]`` names for it. A bot cannot write first,
    so a number without a chat is undeliverable until its owner opens the bot; sending again is then
    up to whoever linked the chat (``services.send``).
    """

    kinds: ClassVar[Collection[Kind]] = frozenset({"phone", "telegram"})
    needs_handle = True

    @sensitive_variables()
    def deliver(self, message: CodeMessage) -> None:
        """Hand it to the bot."""
        chat = chat_of(message.destination)
        if chat is None:
            raise Undeliverable
        try:
            send_message(chat_id=chat, text=_text_of(message), is_protected=True)
        except TelegramOutcomeUnknown as error:
            raise OutcomeUnknown from error
        except TelegramRejected as error:
            raise Undeliverable from error


def chat_of(destination: str) -> int | None:
    """Return the chat of a destination, None where there is none yet."""
    if destination.startswith(PREFIX):
        return int(destination.removeprefix(PREFIX))
    path = otp_settings().CHAT_OF
    return load_callable(path)(destination) if path else None


def _text_of(message: CodeMessage) -> str:
    wanted = (message.language or settings.LANGUAGE_CODE).lower().partition("-")[0]
    text = TEXTS.get(wanted, TEXTS["en"])
    return text.format(code=message.grouped, minutes=message.minutes)
