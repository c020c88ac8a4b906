"""Gateways that fail in the ways a gateway can."""

from typing import ClassVar

from shopkit.sms.backends.base import Sent, SmsBackend
from shopkit.sms.errors import NumberRejected, SmsError, SmsOutcomeUnknown, SmsUnavailable

FAILURES: dict[str, type[SmsError]] = {
    "away": SmsUnavailable,
    "unsure": SmsOutcomeUnknown,
    "refuses": NumberRejected,
}


class FailingGateway(SmsBackend):
    """Fails as ``how`` says and counts how often it was asked."""

    name = "failing"
    asked: ClassVar[list[str]] = []

    def __init__(self, *, how: str) -> None:
        self.how = how

    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Do not deliver."""
        self.asked.append(phone)
        raise FAILURES[self.how]
