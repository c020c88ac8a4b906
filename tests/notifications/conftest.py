"""What the tests of notifications share."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from shopkit.accounts.models import Profile, TelegramAccount
from shopkit.accounts.services.contacts import bind_contact
from shopkit.notifications.channels.memory import MemoryChannel
from shopkit.sms.backends import memory as sms
from shopkit.telegram.backends import memory as telegram
from tests.orders.conftest import cup, plate

__all__ = ["cup", "plate"]

MEMORY = {"BACKEND": "shopkit.notifications.channels.memory.MemoryChannel"}
STAFF_CHAT = -100_777
MOVE = "move_order"


@pytest.fixture(autouse=True)
def _clean():
    MemoryChannel.outbox.clear()
    sms.outbox.clear()
    telegram.outbox.clear()


@pytest.fixture
def texts():
    """Text messages that were sent."""
    return sms.outbox


@pytest.fixture
def chats():
    """What the bot was asked to do."""
    return telegram.outbox


@pytest.fixture
def outbox():
    """What the memory channel was given."""
    return MemoryChannel.outbox


@pytest.fixture
def configure(settings):
    """Change some of ``SHOPKIT["NOTIFICATIONS"]``."""

    def change(**values: Any) -> None:
        now = settings.SHOPKIT.get("NOTIFICATIONS", {})
        settings.SHOPKIT = {**settings.SHOPKIT, "NOTIFICATIONS": {**now, **values}}

    return change


@pytest.fixture
def staff_chat(configure, settings):
    """The staff have a chat, and its buttons are answered."""
    configure(STAFF_CHAT_ID=STAFF_CHAT)
    handlers = ["shopkit.accounts.dialogue.handle", "shopkit.notifications.staff_buttons.handle"]
    bot = {**settings.SHOPKIT["TELEGRAM"], "HANDLERS": handlers}
    settings.SHOPKIT = {**settings.SHOPKIT, "TELEGRAM": bot}
    return STAFF_CHAT


def reach(user: Any, *, email: str = "", phone: str = "", chat: int | None = None) -> Any:
    """Let ``user`` have proven these."""
    from django.db import transaction

    with transaction.atomic():
        for proven in filter(None, (email, phone)):
            bind_contact(user, proven)
    if chat is not None:
        TelegramAccount.objects.create(user=user, telegram_id=chat, chat_id=chat)
    return user


def speak(user: Any, language: str) -> Any:
    """Let ``user`` have chosen this language."""
    Profile.objects.update_or_create(user=user, defaults={"language": language})
    return user


def allow(user: Any, codename: str = MOVE) -> Any:
    """Give ``user`` one permission of orders."""
    permission = Permission.objects.get(content_type__app_label="shopkit_orders", codename=codename)
    user.user_permissions.add(permission)
    return user
