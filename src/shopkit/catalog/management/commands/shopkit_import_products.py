"""Import products."""

from typing import Any

from django.core.management.base import CommandParser

from shopkit.catalog.imports.products import formats, import_products
from shopkit.catalog.imports.report import Listener, Report
from shopkit.catalog.management.console import ImportCommand


class Command(ImportCommand):
    """One transaction per product; safe to run again."""

    help = "Import products from a CSV file of Shopify or of shopkit_export_products."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format and whether stock is to be set."""
        super().add_arguments(parser)
        parser.add_argument("--format", choices=formats(), default="auto")
        parser.add_argument(
            "--stock",
            action="store_true",
            help="Set the stock of variants that exist, too; new ones always get theirs.",
        )

    def run_import(self, listener: Listener, options: dict[str, Any]) -> Report:
        """Import the products."""
        return import_products(
            options["file"],
            format=options["format"],
            stock=options["stock"],
            dry_run=options["dry_run"],
            listener=listener,
        )
