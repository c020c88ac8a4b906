"""What the stand-ins share: they keep what would be sent and answer as Telegram does."""

import secrets
from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from shopkit.telegram.errors import ChatUnreachable

from .base import TelegramBackend

QUESTIONS: Mapping[str, Any] = {
    "getUpdates": [],
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}


class LocalBackend(TelegramBackend):
    """Sends nothing anywhere.

    blocked -- chat ids that answer as if the person had blocked the bot
    """

    for_development = True

    def __init__(self, *, token: str = "", blocked: Collection[int] = ()) -> None:
        super().__init__(token=token)
        self._blocked = frozenset(blocked)

    def perform(self, method: str, params: Mapping[str, Any]) -> Any:
        """Keep a call that would do something; a question finds nothing."""
        if method in QUESTIONS:
            return QUESTIONS[method]
        if params.get("chat_id") in self._blocked:
            raise ChatUnreachable(method=method, error_code=403)
        self.keep(method, params)
        if method.startswith("send"):
            return {"message_id": 1 + secrets.randbelow(2**31 - 1)}
        return True

    @abstractmethod
    def keep(self, method: str, params: Mapping[str, Any]) -> None:
        """Put the call where people or tests look."""
