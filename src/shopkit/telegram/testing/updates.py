"""Updates as the Bot API posts them."""

import itertools
import time
from typing import Any

_ids = itertools.count(700_000_001)

AYGUL = 555_000_111


def person(telegram_id: int = AYGUL, **more: Any) -> dict[str, Any]:
    """Return a user object."""
    return {"id": telegram_id, "is_bot": False, "first_name": "Aygul", "language_code": "uz"} | more


def private_chat(telegram_id: int = AYGUL) -> dict[str, Any]:
    """Return the chat of one person with the bot."""
    return {"id": telegram_id, "type": "private", "first_name": "Aygul"}


def text_message(
    text: str, *, telegram_id: int = AYGUL, update_id: int | None = None, **more: Any
) -> dict[str, Any]:
    """Return the update of a text in a private chat.

    more -- further members of the message, or other values of those it has
    """
    return _update("message", _message(telegram_id) | {"text": text} | more, update_id)


def group_message(text: str, *, telegram_id: int = AYGUL, **more: Any) -> dict[str, Any]:
    """Return the update of a text in a group."""
    chat = {"id": -100_200_300, "type": "supergroup", "title": "Friends"}
    return text_message(text, telegram_id=telegram_id, chat=chat, **more)


def contact_message(
    phone: str,
    *,
    telegram_id: int = AYGUL,
    owner: int | None = AYGUL,
    update_id: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the update of a card sent in a private chat.

    owner -- whose card it is; None for a card that names no Telegram user
    """
    contact: dict[str, Any] = {"phone_number": phone, "first_name": "Aygul"}
    if owner is not None:
        contact["user_id"] = owner
    return _update("message", _message(telegram_id) | {"contact": contact} | more, update_id)


def button_press(data: str, *, telegram_id: int = AYGUL, **more: Any) -> dict[str, Any]:
    """Return the update of a press on a button under a message."""
    body = {
        "id": str(next(_ids)),
        "from": person(telegram_id),
        "chat_instance": "1",
        "message": _message(telegram_id) | {"text": "?"},
        "data": data,
    }
    return _update("callback_query", body | more, None)


def membership_change(status: str, *, telegram_id: int = AYGUL) -> dict[str, Any]:
    """Return the update of a person who blocked ("kicked") or opened ("member") the bot."""
    bot = {"id": 123_456_789, "is_bot": True, "first_name": "Shop"}
    body = {
        "chat": private_chat(telegram_id),
        "from": person(telegram_id),
        "date": int(time.time()),
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status},
    }
    return _update("my_chat_member", body, None)


def _message(telegram_id: int) -> dict[str, Any]:
    return {
        "message_id": next(_ids) % 1_000_000,
        "from": person(telegram_id),
        "chat": private_chat(telegram_id),
        "date": int(time.time()),
    }


def _update(kind: str, body: dict[str, Any], update_id: int | None) -> dict[str, Any]:
    return {"update_id": next(_ids) if update_id is None else update_id, kind: body}
