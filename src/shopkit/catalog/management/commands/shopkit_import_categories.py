"""Import a category tree."""

from typing import Any

from django.core.management.base import CommandParser

from shopkit.catalog.imports.categories import FORMATS, import_categories
from shopkit.catalog.imports.report import Listener, Report
from shopkit.catalog.management.console import ImportCommand


class Command(ImportCommand):
    """One transaction; safe to run again."""

    help = "Import a category tree: Google's product taxonomy or shopkit's own CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format and the language of its names."""
        super().add_arguments(parser)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument(
            "--language",
            default="",
            help="Of a google file: its names become translations of the categories there are.",
        )

    def run_import(self, listener: Listener, options: dict[str, Any]) -> Report:
        """Import the tree."""
        return import_categories(
            options["file"],
            format=options["format"],
            language=options["language"],
            dry_run=options["dry_run"],
            listener=listener,
        )
