"""Chats with the bot: remembered when a person writes, written off when the bot is blocked."""

from contextlib import suppress

from django.db.models import Q
from django.db.models.functions import Now

from shopkit.core.inserts import insert_if_new
from shopkit.telegram.backends.base import Keyboard
from shopkit.telegram.bot import configured_bot
from shopkit.telegram.errors import ChatUnreachable, TelegramOutcomeUnknown, TelegramRejected
from shopkit.telegram.models import ChatLink
from shopkit.telegram.updates import IncomingUpdate


def send_message(
    *,
    chat_id: int,
    text: str,
    keyboard: Keyboard | None = None,
    is_protected: bool = False,
    is_silent: bool = False,
) -> int:
    """Send ``text`` by the configured bot and return the message's id; see TelegramBackend.

    A chat known to be dead is not tried. Call it outside of transactions: it waits for the network,
    and what it learns about a dead chat must stay.

    Raises ChatUnreachable when the person blocked the bot, another TelegramError when it failed.
    """
    if ChatLink.objects.filter(chat_id=chat_id, is_dead=True).exists():
        raise ChatUnreachable(method="sendMessage", description="the chat is known to be dead")
    try:
        return configured_bot().send_message(
            chat_id, text, keyboard=keyboard, is_protected=is_protected, is_silent=is_silent
        )
    except ChatUnreachable:
        ChatLink.objects.reachable().filter(chat_id=chat_id).update(is_dead=True, changed_at=Now())
        raise


def edit_message(
    *, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None
) -> None:
    """Put ``text`` in the place of what the configured bot's own message said.

    One that is gone, too old or says so already is left alone: there is nothing to mend. Call it
    outside of transactions.

    Raises TelegramUnavailable when nothing was done and trying again may help.
    """
    with suppress(TelegramRejected, TelegramOutcomeUnknown):
        configured_bot().edit_message(chat_id, message_id, text, keyboard=keyboard)


def answer_press(callback_id: str, text: str = "", *, is_alert: bool = False) -> None:
    """End the waiting sign on a pressed button, and show ``text`` to who pressed.

    A press that waited too long for its answer goes without one. Call it outside of transactions.

    Raises TelegramUnavailable when nothing was done and trying again may help.
    """
    with suppress(TelegramRejected, TelegramOutcomeUnknown):
        configured_bot().answer_callback(callback_id, text, is_alert=is_alert)


def note_chat(update: IncomingUpdate) -> None:
    """Remember the private chat that ``update`` came from, its language, and whether it lives."""
    chat, sender = update.chat, update.sender
    if chat is None or sender is None or not chat.is_private or sender.id != chat.id:
        return
    is_dead = update.membership is not None and update.membership.is_gone
    language = sender.language[:35]
    if insert_if_new(ChatLink(chat_id=chat.id, language=language, is_dead=is_dead)):
        return
    link = ChatLink.objects.filter(chat_id=chat.id)
    if language:
        differs = ~Q(language=language) | ~Q(is_dead=is_dead)
        link.filter(differs).update(language=language, is_dead=is_dead, changed_at=Now())
    else:
        link.exclude(is_dead=is_dead).update(is_dead=is_dead, changed_at=Now())
