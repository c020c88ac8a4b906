"""Keeps messages in this process; for tests."""

from typing import ClassVar

from shopkit.notifications.recipients import Recipient

from .base import NotificationChannel, Outgoing


class MemoryChannel(NotificationChannel):
    """Every message ends in ``outbox``, newest last. It reaches everybody."""

    outbox: ClassVar[list[Outgoing]] = []

    def address_of(self, recipient: Recipient) -> str:
        """Return who it is."""
        return recipient.ref

    def deliver(self, message: Outgoing) -> None:
        """Keep it."""
        self.outbox.append(message)
