"""Import stock."""

from shopkit.catalog.management.console import ImportCommand
from shopkit.catalog.models import ImportRun


class Command(ImportCommand):
    """Safe to run again; each change stands in the stock ledger."""

    help = "Set the stock of variants from a CSV file: sku, on_hand and, if wanted, expected."
    kind = ImportRun.Kind.STOCK
