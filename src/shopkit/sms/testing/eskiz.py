"""Eskiz on loopback."""

import re
import uuid
from typing import Any

from .gateway import FakeGateway, Recorded, Reply


class FakeEskiz(FakeGateway):
    """Speaks Eskiz's protocol: login, expiring tokens, moderated texts, a balance.

    Change these while it runs:

    balance -- messages that are paid for
    approved -- regular expressions of which one must match the whole text; None approves all
    login_silence, silence -- seconds before a login, or a message that was taken, is answered
    """

    def __init__(self, *, email: str = "shop@example.com", password: str = "eskiz-pass-1") -> None:  # noqa: S107
        super().__init__()
        self.email = email
        self.password = password
        self.balance = 1_000
        self.approved: tuple[str, ...] | None = None
        self.login_silence = 0.0
        self.silence = 0.0
        self.tokens: set[str] = set()
        self.messages: list[dict[str, str]] = []

    @property
    def options(self) -> dict[str, Any]:
        """OPTIONS of a backend that talks to this gateway."""
        base = f"{self.url}/api"
        return {"email": self.email, "password": self.password, "base_url": base, "timeout": 2}

    @property
    def logins(self) -> int:
        """How often somebody logged in, or tried to."""
        return self.paths().count("/api/auth/login")

    def expire_tokens(self) -> None:
        """Make every token that was given out worthless."""
        self.tokens.clear()

    def silence_after(self, request: Recorded) -> float:
        """Be slow where the test wants it; the work has been done by then."""
        return self.login_silence if request.path.endswith("/auth/login") else self.silence

    def answer(self, request: Recorded) -> Reply:
        """Do what Eskiz does."""
        if request.path == "/api/auth/login":
            return self._log_in(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401, {"message": "Expired", "status": "token_invalid"})
        if request.path == "/api/message/sms/send":
            return self._send(request.fields)
        return Reply(404, {"message": "Not found"})

    def _log_in(self, request: Recorded) -> Reply:
        given = (request.fields.get("email"), request.fields.get("password"))
        if given != (self.email, self.password):
            return Reply(401, {"message": "Invalid credentials"})
        token = f"eskiz-token-{uuid.uuid4().hex}"
        self.tokens.add(token)
        shown = {"message": "token_generated", "data": {"token": token}, "token_type": "bearer"}
        return Reply(200, shown)

    def _send(self, fields: dict[str, str]) -> Reply:
        text = fields.get("message", "")
        if not re.fullmatch(r"998[0-9]{9}", fields.get("mobile_phone", "")):
            said = {"mobile_phone": [f"Phone {fields.get('mobile_phone')} is wrong"]}
            return Reply(422, {"message": said, "status": "error"})
        if self.approved is not None and not any(re.fullmatch(one, text) for one in self.approved):
            said_text = f"Этот смс текст не прошёл модерацию: {text}"
            return Reply(400, {"message": said_text, "status": "error"})
        if not self.balance:
            return Reply(400, {"message": "Недостаточно средств на балансе", "status": "error"})
        self.balance -= 1
        self.messages.append({**fields, "id": str(uuid.uuid4())})
        shown = {"message": "Waiting for SMS provider", "status": "waiting"}
        return Reply(200, {"id": self.messages[-1]["id"], **shown})

    def callback(self, status: str = "DELIVRD", *, index: int = -1) -> tuple[str, dict[str, str]]:
        """Return the URL and the body with which Eskiz tells what became of a message."""
        message = self.messages[index]
        body = {
            "request_id": message["id"],
            "message_id": "4092211",
            "user_sms_id": "",
            "country": "UZ",
            "phone_number": message["mobile_phone"],
            "sms_count": "1",
            "status": status,
            "status_date": "2026-11-21 12:00:00",
        }
        return message["callback_url"], body
