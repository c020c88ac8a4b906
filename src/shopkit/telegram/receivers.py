"""Updates are handled after they are stored, off the request path."""

from .facts import update_received
from .services.handling import handle_update


@update_received.subscribe
def handle_received(update_id: int, is_retry: int = 0) -> None:
    """Route a stored update; one that was handled already is left alone."""
    handle_update(update_id, is_retry=bool(is_retry))
