"""Export stock."""

from collections.abc import Iterable
from typing import Any

from shopkit.catalog.exports import stock_rows
from shopkit.catalog.management.console import ExportCommand


class Command(ExportCommand):
    """What ``shopkit_import_stock`` reads."""

    help = "Write the stock of all variants as CSV to standard output."
    subject = "lines"

    def rows(self, options: dict[str, Any]) -> Iterable[Iterable[str]]:
        """Return the lines."""
        return stock_rows()
