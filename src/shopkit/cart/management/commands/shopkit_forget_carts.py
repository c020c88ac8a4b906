"""Throw away guests' carts that have been left behind, and old records beside carts."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.cart.services import forget_guests, tidy_carts


class Command(BaseCommand):
    """Run it from cron, once a day; it is safe to run at any time."""

    help = "Throw away guests' carts that nobody touched for GUEST_LIFETIME, and old records."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"thrown away {forget_guests()}, old records {tidy_carts()}")
