"""Messages of the site's Telegram bot. Imported only where shopkit.telegram is installed."""

from shopkit.notifications.errors import OutcomeUnknown, Undeliverable
from shopkit.notifications.recipients import Recipient
from shopkit.telegram.backends.base import LONGEST_TEXT, button_keyboard
from shopkit.telegram.errors import TelegramOutcomeUnknown, TelegramRejected
from shopkit.telegram.services import send_message

from .base import NotificationChannel, Outgoing
from .templates import render


class TelegramChannel(NotificationChannel):
    """A plain message in the linked chat, in the words of the template telegram.txt."""

    def address_of(self, recipient: Recipient) -> str:
        """Return the chat."""
        return "" if recipient.chat_id is None else str(recipient.chat_id)

    def deliver(self, message: Outgoing) -> None:
        """Hand it to the bot."""
        keyboard = button_keyboard(message.buttons) if message.buttons else None
        try:
            send_message(
                chat_id=int(message.destination), text=chat_text(message), keyboard=keyboard
            )
        except TelegramOutcomeUnknown as error:
            raise OutcomeUnknown from error
        except TelegramRejected as error:
            raise Undeliverable from error


def chat_text(message: Outgoing, *, addition: str = "") -> str:
    """Return what stands in the chat.

    addition -- what became of it since, as a paragraph of its own
    """
    text = "\n\n".join(filter(None, (render(message, "telegram.txt").strip(), addition)))
    # Telegram counts UTF-16 units, of which a character takes two at most.
    return text if len(text) <= LONGEST_TEXT // 2 else f"{text[: LONGEST_TEXT // 2 - 1]}…"
