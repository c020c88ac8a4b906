"""Messages in a list, for tests."""

from dataclasses import dataclass

from .base import Sent, SmsBackend


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """One message as it was sent."""

    phone: str
    text: str
    reference: str = ""


outbox: list[OutboxMessage] = []


class MemoryBackend(SmsBackend):
    """Puts messages into ``outbox`` of this module; a test empties it by ``outbox.clear()``."""

    name = "memory"
    for_development = True

    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Keep the message."""
        outbox.append(OutboxMessage(phone=phone, text=text, reference=reference))
        return Sent(backend=self.name, message_id=f"memory-{len(outbox)}")
