"""Forget what people were told long ago."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.notifications.services import forget_events


class Command(BaseCommand):
    """Run it from cron once a day; it is safe to run twice at once."""

    help = "Delete notifications and messages older than NOTIFICATIONS['KEEP']."

    def handle(self, **_: Any) -> None:
        """Delete them and say how many events it was."""
        self.stdout.write(f"{forget_events()} events were forgotten.")
