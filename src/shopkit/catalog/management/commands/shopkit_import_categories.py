"""Import a category tree."""

from typing import Any

from django.core.management.base import CommandParser

from shopkit.catalog.imports.categories import FORMATS
from shopkit.catalog.imports.runs import Order
from shopkit.catalog.management.console import ImportCommand
from shopkit.catalog.models import ImportRun


class Command(ImportCommand):
    """One transaction; safe to run again."""

    help = "Import a category tree: Google's product taxonomy or shopkit's own CSV."
    kind = ImportRun.Kind.CATEGORIES

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format and the language of its names."""
        super().add_arguments(parser)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument(
            "--language",
            default="",
            help="Of a google file: its names become translations of the categories there are.",
        )

    def order(self, options: dict[str, Any]) -> Order:
        """Return what is to be imported."""
        chosen = {"language": options["language"]} if options["language"] else {}
        return Order(kind=self.kind, format=options["format"], options=chosen)
