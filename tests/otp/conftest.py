"""Channels that keep their messages, and limits out of the way unless a test wants them."""

from typing import Any

import pytest

from shopkit.otp.channels.memory import MemoryChannel
from shopkit.otp.services import issue

PHONE = "+998901234567"
MEMORY = {
    "sms": "shopkit.otp.channels.memory.MemoryMeteredChannel",
    "telegram": "shopkit.otp.channels.memory.MemoryHandleChannel",
    "email": "shopkit.otp.channels.memory.MemoryChannel",
}
ROOMY: dict[str, Any] = {
    "CHANNELS": MEMORY,
    "PER_DESTINATION": (),
    "PER_PREFIX": (),
    "PER_ADDRESS": (),
    "PER_CHANNEL": (),
    "GUESSES_PER_ADDRESS": (),
}


@pytest.fixture(autouse=True)
def otp(settings):
    """Change settings of the section: ``otp(LIFETIME=...)``."""
    section = dict(ROOMY)

    def change(**values: Any) -> None:
        section.update(values)
        settings.SHOPKIT = {**settings.SHOPKIT, "OTP": dict(section)}

    change()
    return change


@pytest.fixture(autouse=True)
def outbox():
    """What the memory channels were given."""
    MemoryChannel.outbox.clear()
    yield MemoryChannel.outbox
    MemoryChannel.outbox.clear()


def ask(**changes: Any) -> Any:
    """Ask for a code to sign in with."""
    given = {
        "purpose": "sign_in",
        "channel": "sms",
        "destination": PHONE,
        "client_address": "192.0.2.1",
        "language": "uz",
    }
    return issue(**{**given, **changes})
