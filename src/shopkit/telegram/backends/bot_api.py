"""The Bot API over HTTPS: Telegram's own server, a local one, or the test data centre."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables

from shopkit.core.http import (
    Answer,
    OutcomeUnknown,
    Unreachable,
    checked_base,
    post_json,
    require_client,
)
from shopkit.telegram.errors import (
    ChatUnreachable,
    TelegramBusy,
    TelegramError,
    TelegramOutcomeUnknown,
    TelegramRejected,
    TelegramUnavailable,
)

from .base import TelegramBackend

logger = logging.getLogger("shopkit.telegram")

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]+")


class BotApiBackend(TelegramBackend):
    """Telegram's Bot API. Needs the extra ``telegram``.

    token -- from BotFather
    base_url -- where the API is; a server of your own, or a fake
    timeout -- seconds for a call, the wait of ``get_updates`` not counted
    is_test -- talk to Telegram's test data centre
    """

    def __init__(
        self,
        *,
        token: str = "",
        base_url: str = "https://api.telegram.org",
        timeout: float = 10,
        is_test: bool = False,
    ) -> None:
        require_client()
        if not TOKEN.fullmatch(token):
            raise ImproperlyConfigured("BOT_TOKEN must be what BotFather gave: digits:letters.")
        super().__init__(token=token)
        self._base_url = checked_base(base_url)
        self._timeout = timeout
        self._branch = "/test" if is_test else ""

    def perform(self, method: str, params: Mapping[str, Any]) -> Any:
        """Post the call; the outcome is the result, or one of our errors with Telegram's reason."""
        outcome = self._post(method, params)
        if isinstance(outcome, Answer):
            body = outcome.json()
            if outcome.status == 200 and body.get("ok") is True:
                return body.get("result")
            outcome = _error_of(outcome, method=method)
            outcome.description = outcome.description.replace(self._token, "…")
        logger.warning(
            "Telegram: %s failed with %s %s: %s",
            method,
            type(outcome).__name__,
            outcome.error_code,
            outcome.description,
        )
        raise outcome

    @sensitive_variables()
    def _post(self, method: str, params: Mapping[str, Any]) -> Answer | TelegramError:
        """Return what came back, so that no error is raised where the URL is a local variable."""
        url = f"{self._base_url}/bot{self._token}{self._branch}/{method}"
        try:
            timeout = self._timeout + float(params.get("timeout", 0))
            return post_json(url, dict(params), timeout=timeout)
        except Unreachable:
            return TelegramUnavailable(method=method)
        except OutcomeUnknown:
            return TelegramOutcomeUnknown(method=method)


def _error_of(answer: Answer, *, method: str) -> TelegramError:
    """Return our error for what was not ``ok``. A body that is no JSON counts by its status."""
    body = answer.json()
    code = body.get("error_code")
    code = code if isinstance(code, int) else answer.status
    reason: dict[str, Any] = {
        "method": method,
        "error_code": code,
        "description": str(body.get("description", ""))[:300],
    }
    given = body.get("parameters")
    parameters = given if isinstance(given, dict) else {}
    if code == 429:
        wait = parameters.get("retry_after")
        wait = wait if isinstance(wait, int) and wait > 0 else answer.retry_after or 1
        return TelegramBusy(retry_after=wait, **reason)
    if code == 403 or (code == 400 and "chat not found" in reason["description"].lower()):
        return ChatUnreachable(**reason)
    if 400 <= code < 500:
        moved = parameters.get("migrate_to_chat_id")
        return TelegramRejected(**reason, **({"migrate_to_chat_id": moved} if moved else {}))
    if code >= 500:
        return TelegramUnavailable(**reason)
    return TelegramOutcomeUnknown(**reason)
