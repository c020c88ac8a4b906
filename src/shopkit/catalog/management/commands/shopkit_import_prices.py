"""Import prices."""

from shopkit.catalog.management.console import ImportCommand
from shopkit.catalog.models import ImportRun


class Command(ImportCommand):
    """Safe to run again."""

    help = "Set the prices of variants from a CSV file: sku, price and, if wanted, sale_price."
    kind = ImportRun.Kind.PRICES
