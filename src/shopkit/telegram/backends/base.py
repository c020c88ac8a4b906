"""What every way to the Bot API does. A backend returns facts and changes no row of ours."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from shopkit.telegram.errors import TelegramOutcomeUnknown

Keyboard = Mapping[str, Any]

LONGEST_TEXT = 4096
METHOD = re.compile(r"[a-zA-Z]{1,64}")


class TelegramBackend(ABC):
    """One bot. A backend writes ``perform`` and nothing else.

    Its keyword arguments are the setting's OPTIONS and ``token``; ``__init__`` keeps them and
    touches no network, so the system check may build it.

    Whatever is called raises ValueError for arguments no Bot API takes and TelegramError
    (``shopkit.telegram.errors``) when the bot could not do it; nothing is tried twice.

    for_development -- messages stay on this machine; ``check --deploy`` warns
    """

    for_development: bool = False

    def __init__(self, *, token: str = "") -> None:
        self._token = token

    def send_message(
        self,
        chat_id: int,
        text: str,
        *,
        keyboard: Keyboard | None = None,
        is_protected: bool = False,
        is_silent: bool = False,
    ) -> int:
        """Send plain ``text`` and return the message's id within its chat.

        text -- 1 to 4096 characters, not blank
        keyboard -- a Bot API ``reply_markup``, see ``contact_keyboard`` and ``button_keyboard``
        is_protected -- the message cannot be forwarded or saved: for codes
        is_silent -- no sound on the phone
        """
        if not text.strip() or _length(text) > LONGEST_TEXT:
            raise ValueError(f"text must be 1 to {LONGEST_TEXT} characters and not blank.")
        params: dict[str, Any] = {"chat_id": chat_id, "text": text}
        if keyboard is not None:
            params["reply_markup"] = dict(keyboard)
        if is_protected:
            params["protect_content"] = True
        if is_silent:
            params["disable_notification"] = True
        sent = self.call("sendMessage", params)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        if not isinstance(number, int):
            raise TelegramOutcomeUnknown(method="sendMessage", description="no message_id")
        return number

    def edit_message(
        self, chat_id: int, message_id: int, text: str, *, keyboard: Keyboard | None = None
    ) -> None:
        """Put plain ``text`` in the place of what the bot's own message said.

        text -- 1 to 4096 characters, not blank; the same as before is refused by Telegram
        keyboard -- buttons under the message; without one those that are there go
        """
        if not text.strip() or _length(text) > LONGEST_TEXT:
            raise ValueError(f"text must be 1 to {LONGEST_TEXT} characters and not blank.")
        params: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "text": text}
        if keyboard is not None:
            params["reply_markup"] = dict(keyboard)
        self.call("editMessageText", params)

    def answer_callback(self, callback_id: str, text: str = "", *, is_alert: bool = False) -> None:
        """End the waiting sign on a pressed button.

        text -- shown to who pressed, at most 200 characters; "" shows nothing
        is_alert -- in a box that must be closed
        """
        if _length(text) > 200:
            raise ValueError("text must be at most 200 characters.")
        params: dict[str, Any] = {"callback_query_id": callback_id}
        if text:
            params |= {"text": text, "show_alert": is_alert}
        self.call("answerCallbackQuery", params)

    def set_webhook(
        self, url: str, *, secret: str, allowed_updates: Sequence[str] = (), drop: bool = False
    ) -> None:
        """Have updates posted to ``url`` with ``secret`` in their header.

        allowed_updates -- kinds to send; empty leaves what was asked for last
        drop -- throw away what waits at Telegram
        """
        params: dict[str, Any] = {"url": url, "secret_token": secret, "drop_pending_updates": drop}
        if allowed_updates:
            params["allowed_updates"] = list(allowed_updates)
        self.call("setWebhook", params)

    def delete_webhook(self, *, drop: bool = False) -> None:
        """Have no updates posted any more; they wait for ``get_updates``."""
        self.call("deleteWebhook", {"drop_pending_updates": drop})

    def get_webhook(self) -> dict[str, Any]:
        """Return Telegram's WebhookInfo: url, pending_update_count, last_error_message, ..."""
        found = self.call("getWebhookInfo", {})
        return found if isinstance(found, dict) else {}

    def get_updates(
        self, *, offset: int = 0, wait: int = 0, allowed_updates: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """Return up to 50 updates from ``offset`` on; all before it count as received.

        wait -- seconds to wait for the first one
        """
        params: dict[str, Any] = {"offset": offset, "timeout": wait, "limit": 50}
        if allowed_updates:
            params["allowed_updates"] = list(allowed_updates)
        found = self.call("getUpdates", params)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """Call any method of the Bot API and return its ``result``."""
        if not METHOD.fullmatch(method):
            raise ValueError("method must be the name of a Bot API method.")
        return self.perform(method, params)

    @abstractmethod
    def perform(self, method: str, params: Mapping[str, Any]) -> Any:
        """Do what ``call`` promises; the method's name is already checked."""


def contact_keyboard(button: str) -> Keyboard:
    """Return a keyboard whose one button sends the person's own number. For private chats only."""
    return {
        "keyboard": [[{"text": button, "request_contact": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def button_keyboard(rows: Sequence[Sequence[tuple[str, str]]]) -> Keyboard:
    """Return buttons under the message.

    rows -- of (what the button says, what a press sends: 1 to 64 bytes)
    """
    if any(not 1 <= len(sent.encode()) <= 64 for row in rows for _, sent in row):
        raise ValueError("what a press sends must be 1 to 64 bytes.")
    buttons = [[{"text": said, "callback_data": sent} for said, sent in row] for row in rows]
    return {"inline_keyboard": buttons}


REMOVE_KEYBOARD: Keyboard = {"remove_keyboard": True}


def _length(text: str) -> int:
    """Telegram counts UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
