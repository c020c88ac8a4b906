"""Keeps messages in this process; for tests."""

from collections.abc import Collection
from typing import ClassVar

from shopkit.otp.destinations import Kind

from .base import CodeMessage, OtpChannel


class MemoryChannel(OtpChannel):
    """Every message ends in ``outbox``, newest last."""

    kinds: ClassVar[Collection[Kind]] = frozenset({"phone", "email", "telegram"})
    outbox: ClassVar[list[CodeMessage]] = []

    def deliver(self, message: CodeMessage) -> None:
        """Keep it."""
        self.outbox.append(message)


class MemoryMeteredChannel(MemoryChannel):
    """Pretends that every message costs money."""

    is_metered = True


class MemoryHandleChannel(MemoryChannel):
    """Pretends that codes are typed in where nobody knows the challenge."""

    needs_handle = True
