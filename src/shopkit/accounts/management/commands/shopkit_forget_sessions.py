"""Delete sessions that ended long ago."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.accounts.services import forget_sessions


class Command(BaseCommand):
    """Run it from cron, once a day; it is safe to run at any time."""

    help = 'Delete sessions whose time was over ACCOUNTS["KEEP_SESSIONS"] ago.'

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"deleted {forget_sessions()} sessions")
