"""Twilio on loopback."""

import uuid
from typing import Any

from shopkit.core.http import basic_auth
from shopkit.sms.backends.twilio import signature

from .gateway import FakeGateway, Recorded, Reply

ACCOUNT = "AC" + "0" * 32


class FakeTwilio(FakeGateway):
    """Speaks the Messages API: Basic auth, forms, error codes, signed callbacks.

    Change these while it runs:

    refusals -- {phone: error code}, such as {"+998612223344": 21614}
    silence -- seconds before a message that was taken is answered
    """

    def __init__(self, *, account_sid: str = ACCOUNT, auth_token: str = "twilio-token-1") -> None:  # noqa: S107
        super().__init__()
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.refusals: dict[str, int] = {}
        self.silence = 0.0
        self.messages: list[dict[str, str]] = []

    @property
    def options(self) -> dict[str, Any]:
        """OPTIONS of a backend that talks to this gateway."""
        return {
            "account_sid": self.account_sid,
            "auth_token": self.auth_token,
            "sender": "+15005550006",
            "base_url": self.url,
            "timeout": 2,
        }

    def silence_after(self, request: Recorded) -> float:
        """Be slow where the test wants it; the work has been done by then."""
        return self.silence

    def answer(self, request: Recorded) -> Reply:
        """Do what Twilio does."""
        right = basic_auth(self.account_sid, self.auth_token)["Authorization"]
        if request.headers.get("authorization") != right:
            return _refusal(401, 20003, "Authenticate")
        if request.path != f"/2010-04-01/Accounts/{self.account_sid}/Messages.json":
            return _refusal(404, 20404, f"The requested resource {request.path} was not found")
        return self._send(request.fields)

    def _send(self, fields: dict[str, str]) -> Reply:
        if not fields.get("From") and not fields.get("MessagingServiceSid"):
            return _refusal(400, 21603, "A 'From' phone number is required.")
        if len(fields.get("Body", "")) > 1600:
            return _refusal(400, 21617, "The concatenated message body exceeds the limit.")
        phone = fields.get("To", "")
        if code := self.refusals.get(phone):
            return _refusal(429 if code == 20429 else 400, code, f"{phone} was refused")
        self.messages.append({**fields, "sid": f"SM{uuid.uuid4().hex}"})
        shown = {
            "status": "queued",
            "num_segments": "1",
            "error_code": None,
            "body": fields["Body"],
        }
        return Reply(201, {"sid": self.messages[-1]["sid"], "to": phone, **shown})

    def callback(
        self, status: str = "delivered", *, index: int = -1, error_code: str = ""
    ) -> tuple[str, dict[str, str], dict[str, str]]:
        """Return the URL, the form and the headers with which Twilio tells what became of it."""
        message = self.messages[index]
        form = {
            "AccountSid": self.account_sid,
            "MessageSid": message["sid"],
            "MessageStatus": status,
            "To": message["To"],
        }
        if error_code:
            form["ErrorCode"] = error_code
        signed = signature(message["StatusCallback"], form.items(), key=self.auth_token)
        return message["StatusCallback"], form, {"X-Twilio-Signature": signed}


def _refusal(status: int, code: int, message: str) -> Reply:
    return Reply(status, {"code": code, "message": message, "status": status})
