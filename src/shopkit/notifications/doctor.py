"""Probes of notifications: what should have been said and was not."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models.functions import Now

from shopkit.core.doctor import Finding, probe

from .conf import notifications_settings
from .models import Message

# What is too old is dropped by its next try, which may be hours away.
GRACE = timedelta(days=1)


@probe(
    "notifications.messages",
    remedy="Its fact was parked, or never delivered: mend the cause, then choose “Send again” in "
    "the admin where it is still worth telling.",
)
def messages() -> Iterator[Finding]:
    """Every message was sent or given up by a day after what it tells was too old."""
    late = Message.objects.unfinished().filter(
        created_at__lt=Now() - (notifications_settings().MAX_AGE + GRACE)
    )
    found = late.values_list("pk", "state", "channel", "event__kind")
    for pk, state, channel, kind in found.order_by("created_at", "pk").iterator():
        yield Finding(f"message {pk}", f"{kind} by {channel} is {state}", is_warning=True)
