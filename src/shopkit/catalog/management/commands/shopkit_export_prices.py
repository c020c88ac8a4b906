"""Export prices."""

from collections.abc import Iterable
from typing import Any

from shopkit.catalog.exports import prices_rows
from shopkit.catalog.management.console import ExportCommand


class Command(ExportCommand):
    """What ``shopkit_import_prices`` reads."""

    help = "Write the prices of all variants as CSV to standard output."
    subject = "lines"

    def rows(self, options: dict[str, Any]) -> Iterable[Iterable[str]]:
        """Return the lines."""
        return prices_rows()
