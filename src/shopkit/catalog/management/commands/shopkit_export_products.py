"""Export products."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandParser

from shopkit.catalog.exports import PRODUCT_FORMATS
from shopkit.catalog.management.console import ExportCommand


class Command(ExportCommand):
    """All products that are not off sale for ever."""

    help = "Write all products as CSV to standard output: shopkit's own, or Shopify's."
    subject = "lines"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format."""
        parser.add_argument("--format", choices=tuple(PRODUCT_FORMATS), default="shopkit")

    def rows(self, options: dict[str, Any]) -> Iterable[Iterable[str]]:
        """Return the lines."""
        return PRODUCT_FORMATS[options["format"]](None)
