"""The contract of SMS backends, for site authors' own too, and gateways that run on loopback."""

from shopkit.sms.backends.memory import OutboxMessage, outbox

from .contract import PHONE, SmsBackendContract
from .eskiz import FakeEskiz
from .gateway import FakeGateway, Recorded
from .twilio import FakeTwilio

__all__ = [
    "PHONE",
    "FakeEskiz",
    "FakeGateway",
    "FakeTwilio",
    "OutboxMessage",
    "Recorded",
    "SmsBackendContract",
    "outbox",
]
