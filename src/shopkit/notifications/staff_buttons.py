"""The buttons under a new order in the staff's Telegram chat.

Name ``shopkit.notifications.staff_buttons.handle`` in ``SHOPKIT["TELEGRAM"]["HANDLERS"]``.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from shopkit.notifications.channels.base import Buttons
from shopkit.notifications.channels.telegram import chat_text
from shopkit.notifications.models import Message
from shopkit.notifications.recipients import STAFF, find
from shopkit.notifications.services.outgoing import outgoing_of
from shopkit.notifications.services.presses import (
    Press,
    decide,
    next_of_placed,
    status_words,
)
from shopkit.notifications.words import moment_of, said
from shopkit.orders.models import Order
from shopkit.telegram.backends.base import button_keyboard
from shopkit.telegram.conf import telegram_settings
from shopkit.telegram.services import answer_press, edit_message
from shopkit.telegram.updates import Callback, IncomingUpdate

HERE = "shopkit.notifications.staff_buttons.handle"
# At most 8 + 16 + 8 bytes of the 64 that Telegram takes.
PRESSED = re.compile(r"shopkit:([A-Za-z0-9_-]{1,16}):(confirm|cancel)")
LONGEST_ANSWER = 200


def buttons_of(number: str, language: str) -> Buttons:
    """Return the buttons under the order of that number while it waits for the staff.

    None where nobody answers a press, or where the site's numbers do not fit into one.
    """
    confirm, cancel = f"shopkit:{number}:confirm", f"shopkit:{number}:cancel"
    if HERE not in telegram_settings().HANDLERS or not PRESSED.fullmatch(confirm):
        return ()
    if not Order.objects.filter(number=number, status=Order.Status.PLACED).exists():
        return ()
    with override(language):
        row = [("✅ " + _("Confirm"), confirm)] if next_of_placed() else []
        return [[*row, ("❌ " + _("Cancel the order"), cancel)]]


def handle(update: IncomingUpdate) -> bool:
    """Take a press on one of these buttons; say whether it was one.

    It may be handled twice: the second time the order is not moved again, and shown as it is.

    Raises TelegramUnavailable when the bot could not be reached, so that the update comes back.
    """
    callback = update.callback
    found = None if callback is None else PRESSED.fullmatch(callback.text)
    if callback is None or found is None:
        return False
    action: Any = found[2]
    verdict = decide(
        Press(
            number=found[1],
            action=action,
            telegram_id=callback.sender.id,
            chat_id=None if callback.chat is None else callback.chat.id,
            language=callback.sender.language,
        )
    )
    if verdict.order is not None:
        _show(callback, verdict.order)
    answer_press(callback.id, verdict.text[:LONGEST_ANSWER], is_alert=not verdict.is_done)
    return True


def _show(callback: Callback, order: Order) -> None:
    """Let the message say where the order is now, and who brought it there."""
    if callback.chat is None or callback.message_id is None:
        return
    rows = Message.objects.select_related("event").filter(recipient=STAFF, channel="telegram")
    message = rows.filter(event__kind="staff_order_placed", event__about=f"order:{order.number}")
    found, team = message.first(), find(STAFF)
    if found is None or team is None:
        return
    outgoing = outgoing_of(found, str(callback.chat.id))
    text = chat_text(outgoing, addition=_state_of(order, outgoing.language))
    keyboard = button_keyboard(outgoing.buttons) if outgoing.buttons else None
    edit_message(
        chat_id=callback.chat.id, message_id=callback.message_id, text=text, keyboard=keyboard
    )


def _state_of(order: Order, language: str) -> str:
    """Return "➡ confirmed: Aygul Yusupova, 26.11.2026 14:05"."""
    last = order.events.select_related("actor").order_by("-pk").first()
    if last is None or last.to_status == Order.Status.PLACED:
        return ""
    with override(language):
        who = last.by if last.actor is None else _name_of(last.actor)
        when = said(moment_of(last.at), language)
        return f"➡ {status_words(order.status)}: {who}, {when}"


def _name_of(user: Any) -> str:
    full = user.get_full_name() if hasattr(user, "get_full_name") else ""
    return str(full or user.get_username())
