"""Sending happens here, after the commit and outside of the request."""

from .facts import code_issued
from .services import send


@code_issued.subscribe
def send_code(challenge: str) -> None:
    """Send the code of a challenge, unless it was sent or is over."""
    send(challenge=challenge)
