"""Messages are sent off the request path, each by a fact of its own."""

from shopkit.notifications.facts import notification_due
from shopkit.notifications.services import deliver_message


@notification_due.subscribe
def send_due(message_id: str, is_retry: int = 0) -> None:
    """Send a message that waits; one that is over is left alone."""
    deliver_message(message_id, is_retry=bool(is_retry))
