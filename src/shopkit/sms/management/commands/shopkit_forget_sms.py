"""Delete old records of text messages."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.sms.services import forget_messages


class Command(BaseCommand):
    """Run it daily."""

    help = 'Delete records of text messages that are older than SHOPKIT["SMS"]["KEEP_FOR"].'

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete and count."""
        self.stdout.write(f"{forget_messages()} records deleted.")
