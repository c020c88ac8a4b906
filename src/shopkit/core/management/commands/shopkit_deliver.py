"""Deliver announced facts that are due, and throw away what is over."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.core.facts import deliver_all, forget_delivered
from shopkit.core.idempotency import forget_expired
from shopkit.core.models import Delivery


class Command(BaseCommand):
    """Run it from cron where nothing else delivers; it is safe to run at any time."""

    help = "Deliver announced facts that are due, and say how many wait or are parked."

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver until nothing is due; what a crash interrupted is among it."""
        tried = deliver_all()
        forget_delivered()
        forget_expired()
        waiting = Delivery.objects.pending().count()
        parked = Delivery.objects.parked().count()
        self.stdout.write(f"tried {tried}, waiting {waiting}, parked {parked}")
