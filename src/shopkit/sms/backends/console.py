"""Messages on the terminal, for development."""

import sys

from .base import Sent, SmsBackend


class ConsoleBackend(SmsBackend):
    """Prints messages to standard output."""

    name = "console"
    for_development = True

    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Print the message."""
        sys.stdout.write(f"SMS to {phone}:\n{text}\n{'-' * 40}\n")
        sys.stdout.flush()
        return Sent(backend=self.name)
