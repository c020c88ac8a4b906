"""Use cases of Telegram."""

from .chats import answer_press, edit_message, send_message
from .handling import handle_update, retry_updates
from .intake import forget_updates, receive_update, take_update

__all__ = [
    "answer_press",
    "edit_message",
    "forget_updates",
    "handle_update",
    "receive_update",
    "retry_updates",
    "send_message",
    "take_update",
]
