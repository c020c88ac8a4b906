"""Export categories."""

from collections.abc import Iterable
from typing import Any

from shopkit.catalog.exports import categories_rows
from shopkit.catalog.management.console import ExportCommand


class Command(ExportCommand):
    """What ``shopkit_import_categories`` reads."""

    help = "Write the category tree as CSV to standard output."
    subject = "lines"

    def rows(self, options: dict[str, Any]) -> Iterable[Iterable[str]]:
        """Return the lines."""
        return categories_rows()
