"""Mend the category tree."""

from typing import Any

from django.core.management.base import BaseCommand

from shopkit.catalog.services.tree import rebuild_tree


class Command(BaseCommand):
    """Safe at any time, also while the shop runs: tree writers wait."""

    help = "Work the places in the category tree out anew from parents, positions and names."

    def handle(self, *args: Any, **options: Any) -> None:
        """Mend what is wrong and say how many categories that were."""
        self.stdout.write(f"mended {rebuild_tree()} categories")
