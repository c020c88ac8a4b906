"""Export products."""

from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand

from shopkit.catalog.imports.house_products import export_products


class Command(BaseCommand):
    """The CSV goes to standard output, in UTF-8; what it is about to standard error."""

    help = "Write all products as shopkit's own CSV to standard output."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say how many products are in it."""
        # A terminal's own encoding and line ends have no say in what the file holds.
        with suppress(AttributeError):
            self.stdout.reconfigure(encoding="utf-8", newline="")
        count = export_products(self.stdout)
        self.stderr.write(f"{count} products")
