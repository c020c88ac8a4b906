"""Deliver announced facts that are due; what a crash interrupted is among them."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.core.facts import BATCH, deliver_due
from shopkit.core.models import Delivery


class Command(BaseCommand):
    """Run it from cron where nothing else delivers; it is safe to run at any time."""

    help = "Deliver announced facts that are due, and say how many wait or are parked."

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver until nothing is due."""
        total = tried = deliver_due()
        while tried == BATCH:
            tried = deliver_due()
            total += tried
        waiting = Delivery.objects.pending().count()
        parked = Delivery.objects.parked().count()
        self.stdout.write(f"tried {total}, waiting {waiting}, parked {parked}")
