"""For tests of sites and of backends: a Bot API on loopback, updates, the backends' contract."""

from .contract import TelegramBackendContract
from .fake_bot_api import FakeBotApi
from .updates import (
    button_press,
    contact_message,
    group_message,
    membership_change,
    text_message,
)

__all__ = [
    "FakeBotApi",
    "TelegramBackendContract",
    "button_press",
    "contact_message",
    "group_message",
    "membership_change",
    "text_message",
]
