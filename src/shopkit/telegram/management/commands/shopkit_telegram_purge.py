"""Forget updates that nobody needs any more."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.telegram.services import forget_updates


class Command(BaseCommand):
    """Run it from cron, once a day; it is safe to run at any time."""

    help = "Forget updates that are older than KEEP."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"forgot {forget_updates()} updates")
