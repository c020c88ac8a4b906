"""A Bot API on loopback that answers as Telegram's does, and misbehaves on request."""

import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

TOKEN = "123456789:AAMadeUpBotTokenForTests_000000000000"
DONE = True
Reply = tuple[int, dict[str, Any] | bytes]


class FakeBotApi:
    """Use it as a context manager; ``url`` is the backend's ``base_url``.

    requests -- what was called: (method, parameters), oldest first
    messages -- parameters of the messages that were taken
    blocked -- chats whose person blocked the bot; missing -- chats that are not there
    queue -- updates that wait for getUpdates
    webhook -- parameters of the last setWebhook, or None
    pause -- seconds before every answer, once the call is taken
    """

    def __init__(self, *, token: str = TOKEN) -> None:
        self.token = token
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.messages: list[dict[str, Any]] = []
        self.blocked: set[int] = set()
        self.missing: set[int] = set()
        self.queue: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None
        self.pause = 0.0
        self._replies: deque[Reply] = deque()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "FakeBotApi":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def will_answer(self, status: int, body: dict[str, Any] | bytes) -> None:
        """Give the next call this answer instead of the right one; b"" hangs up on it."""
        self._replies.append((status, body))

    def will_fail(self, code: int, description: str, **parameters: Any) -> None:
        """Refuse the next call in Telegram's form."""
        self.will_answer(*_failed(code, description, **parameters))

    def answer(self, token: str, method: str, params: dict[str, Any]) -> Reply:
        """Return what the Bot API would."""
        self.requests.append((method, params))
        if self._replies:
            return self._replies.popleft()
        if token != self.token:
            return _failed(401, "Unauthorized")
        act = getattr(self, f"_on_{method}", None)
        return act(params) if act else _failed(404, "Not Found: method not found")

    def _on_sendMessage(self, params: dict[str, Any]) -> Reply:
        chat, text = params.get("chat_id"), params.get("text")
        if chat in self.blocked:
            return _failed(403, "Forbidden: bot was blocked by the user")
        if not isinstance(chat, int) or chat in self.missing:
            return _failed(400, "Bad Request: chat not found")
        if not isinstance(text, str) or not text.strip():
            return _failed(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) > 2 * 4096:
            return _failed(400, "Bad Request: message is too long")
        self.messages.append(params)
        chat_object = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        sent = {"message_id": len(self.messages), "date": int(time.time()), "chat": chat_object}
        return _ok(sent | {"text": text})

    def _on_editMessageText(self, params: dict[str, Any]) -> Reply:
        number, text = params.get("message_id"), params.get("text")
        if not isinstance(number, int) or not 1 <= number <= len(self.messages):
            return _failed(400, "Bad Request: message to edit not found")
        message = self.messages[number - 1]
        if message["chat_id"] != params.get("chat_id"):
            return _failed(400, "Bad Request: message to edit not found")
        if not isinstance(text, str) or not text.strip():
            return _failed(400, "Bad Request: message text is empty")
        if (text, params.get("reply_markup")) == (message["text"], message.get("reply_markup")):
            return _failed(400, "Bad Request: message is not modified")
        self.messages[number - 1] = params
        return _ok({"message_id": number, "text": text})

    def _on_answerCallbackQuery(self, params: dict[str, Any]) -> Reply:
        if not params.get("callback_query_id"):
            return _failed(400, "Bad Request: query is too old or query ID is invalid")
        return _ok(DONE)

    def _on_setWebhook(self, params: dict[str, Any]) -> Reply:
        if not str(params.get("url", "")).startswith("https://"):
            return _failed(400, "Bad Request: bad webhook: An HTTPS URL must be provided")
        self.webhook = params
        self._drop(params)
        return _ok(DONE)

    def _on_deleteWebhook(self, params: dict[str, Any]) -> Reply:
        self.webhook = None
        self._drop(params)
        return _ok(DONE)

    def _on_getWebhookInfo(self, params: dict[str, Any]) -> Reply:
        url = self.webhook["url"] if self.webhook else ""
        found = {
            "url": url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.queue),
        }
        return _ok(found | ({"max_connections": 40} if url else {}))

    def _on_getUpdates(self, params: dict[str, Any]) -> Reply:
        if self.webhook:
            text = "Conflict: can't use getUpdates method while webhook is active"
            return _failed(409, text)
        offset = params.get("offset", 0)
        self.queue = [one for one in self.queue if one["update_id"] >= offset]
        return _ok(self.queue[: params.get("limit", 100)])

    def _drop(self, params: dict[str, Any]) -> None:
        if params.get("drop_pending_updates"):
            self.queue.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: FakeBotApi


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        api = cast("_Server", self.server).api
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token, _, method = self.path.removeprefix("/bot").rpartition("/")
        status, body = api.answer(token, method, json.loads(raw or b"{}"))
        time.sleep(api.pause)
        if body == b"":
            self.close_connection = True
            return
        shown = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(shown)))
            self.end_headers()
            self.wfile.write(shown)
        except OSError:
            self.close_connection = True  # whoever asked has given up

    def log_message(self, format: str, *args: Any) -> None:
        """Be silent: paths hold the token."""


def _ok(result: Any) -> Reply:
    return 200, {"ok": True, "result": result}


def _failed(code: int, description: str, **parameters: Any) -> Reply:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return code, body | ({"parameters": parameters} if parameters else {})
