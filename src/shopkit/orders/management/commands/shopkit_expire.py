"""Cancel orders that nobody paid in time."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.orders.services import expire_orders


class Command(BaseCommand):
    """Run it every few minutes; two at once do no harm."""

    help = "Cancel unpaid, unconfirmed orders past their time; their stock is free again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Expire batch after batch until nothing is due."""
        total = 0
        while expired := expire_orders():
            total += expired
        self.stdout.write(f"expired {total} orders")
