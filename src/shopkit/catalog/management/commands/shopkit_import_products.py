"""Import products."""

from typing import Any

from django.core.management.base import CommandParser

from shopkit.catalog.imports.products import formats
from shopkit.catalog.imports.runs import Order
from shopkit.catalog.management.console import ImportCommand
from shopkit.catalog.models import ImportRun


class Command(ImportCommand):
    """Up to 200 products per transaction; safe to run again."""

    help = "Import products from a CSV file of Shopify or of shopkit_export_products."
    kind = ImportRun.Kind.PRODUCTS

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format and whether stock is to be set."""
        super().add_arguments(parser)
        parser.add_argument("--format", choices=formats(), default="auto")
        parser.add_argument(
            "--stock",
            action="store_true",
            help="Set the stock of variants that exist, too; new ones always get theirs.",
        )
        parser.add_argument(
            "--no-images",
            action="store_false",
            dest="images",
            help="Fetch no pictures; a later run without this fetches them.",
        )

    def order(self, options: dict[str, Any]) -> Order:
        """Return what is to be imported."""
        chosen = {name: True for name in ("stock", "images") if options[name]}
        return Order(kind=self.kind, format=options["format"], options=chosen)
