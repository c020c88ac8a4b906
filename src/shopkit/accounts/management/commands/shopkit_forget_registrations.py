"""Forget registrations that nobody finished."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.accounts.services import forget_registrations


class Command(BaseCommand):
    """Run it from cron, once a day; it is safe to run at any time."""

    help = "Delete registrations whose address was not proven within a day after their time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"deleted {forget_registrations()}")
