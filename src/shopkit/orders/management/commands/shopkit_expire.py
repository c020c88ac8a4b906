"""Cancel orders that nobody paid in time."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.orders.services import expire_all


class Command(BaseCommand):
    """Run it every few minutes; two at once do no harm."""

    help = "Cancel unpaid, unconfirmed orders past their time; their stock is free again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Expire until nothing is due."""
        self.stdout.write(f"expired {expire_all()} orders")
