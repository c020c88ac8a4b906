"""Forget one-time codes that are over."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.otp.services import purge


class Command(BaseCommand):
    """Run it from cron, once a day; it is safe to run at any time."""

    help = "Delete challenges that were over OTP['KEEP'] ago, and counters whose window ended."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"deleted {purge()}")
