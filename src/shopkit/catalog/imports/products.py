"""Products from files: streamed, one transaction per product, good ones kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Product, Variant
from shopkit.core.errors import Refusal

from .house_products import REQUIRED as OWN_REQUIRED
from .house_products import read_own
from .pictures import Pictures
from .reading import Table
from .records import ProductRecord
from .report import Listener, Report, Run, UnreadableFile, reasons
from .saving import Known, LineError, save_product
from .shopify import REQUIRED as SHOPIFY_REQUIRED
from .shopify import read_shopify
from .vocabulary import Vocabulary

FORMATS = ("auto", "shopify", "shopkit")
READERS: dict[str, tuple[tuple[str, ...], Callable[[Table], Iterator[ProductRecord]]]] = {
    "shopify": (SHOPIFY_REQUIRED, lambda table: read_shopify(table.rows())),
    "shopkit": (OWN_REQUIRED, read_own),
}
# Looked up together; also how many products are in memory at once.
CHUNK = 200


def import_products(
    path: str | Path,
    *,
    format: str = "auto",
    stock: bool = False,
    images: bool = False,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> Report:
    """Import the products of a CSV file; a second run of the same file changes nothing.

    Products are known by their slug (Shopify's handle), variants by their SKU. A product with a
    wrong row is told to ``listener`` and left as it was. Variants that the file does not name
    stay. Each product is one transaction.

    format -- "shopify", "shopkit", or "auto" to go by the header
    stock -- set the stock of variants that exist, too; new ones always get theirs
    images -- fetch the pictures that the file names, each once; slow, because they come by network
    dry_run -- do everything, then undo it, a few hundred products at a time

    Returns the numbers of products. Raises UnreadableFile before anything has changed.
    """
    table = Table(path)
    required, read = READERS[_format(table, format)]
    table.require(required)
    run = Run(listener or Listener(), total=table.total)
    pictures = Pictures(run, fetches=images and not dry_run)
    importer = _Importer(run, pictures, sets_stock=stock, dry_run=dry_run, source=Path(path).name)
    records = read(table)
    while chunk := list(islice(records, CHUNK)):
        importer.take(chunk)
    return run.report


class _Importer:
    def __init__(
        self, run: Run, pictures: Pictures, *, sets_stock: bool, dry_run: bool, source: str
    ) -> None:
        self.run = run
        self.pictures = pictures
        self.sets_stock = sets_stock
        self.dry_run = dry_run
        self.source = source
        self.vocabulary = Vocabulary()
        self.counts = availability().counts
        self.told_of_stock = False
        self.done = 0
        # Hashes, not texts: a file of a million products must fit.
        self._slugs: set[int] = set()
        self._skus: set[int] = set()

    def take(self, records: list[ProductRecord]) -> None:
        """Import some products, or rehearse it."""
        if not self.dry_run:
            self._take(records)
            return
        # Undone together, not one by one: what they share, such as categories, is made once, and
        # locks are held no longer than these few take.
        with transaction.atomic():
            self._take(records)
            transaction.set_rollback(True)
        self.vocabulary = Vocabulary()

    def _take(self, records: list[ProductRecord]) -> None:
        for record in records:
            self._check(record)
        known = _look_up(records)
        for record in records:
            self._import(record, known)
            self.done += record.rows
            self.run.progress(self.done)

    def _check(self, record: ProductRecord) -> None:
        """Find what is wrong between the products of one file, in a rehearsal too."""
        if not _new(self._slugs, record.slug):
            record.errors.setdefault(
                record.line,
                _("Its product was in the file before; rows of one must follow each other."),
            )
        for variant in record.variants:
            if not _new(self._skus, variant.sku):
                message = _("The SKU “%s” was in the file before.") % variant.sku
                record.errors.setdefault(variant.line, message)
        if not self.counts:
            self._drop_stock(record)

    def _drop_stock(self, record: ProductRecord) -> None:
        given = [variant for variant in record.variants if variant.stock]
        if given and not self.told_of_stock:
            self.told_of_stock = True
            message = _("This shop does not count its stock; numbers in the file are left out.")
            self.run.note(given[0].line, message)
        for variant in record.variants:
            variant.stock = None

    def _import(self, record: ProductRecord, known: Known) -> None:
        outcome = "failed"
        if not record.errors:
            outcome = self._save(record, known)
        for line, reason in sorted(record.errors.items()):
            self.run.error(line, reason)
        for line, text in record.notes if not record.errors else ():
            self.run.note(line, text)
        if not record.errors:
            self.pictures.take(record)
        report = self.run.report
        setattr(report, outcome, getattr(report, outcome) + 1)

    def _save(self, record: ProductRecord, known: Known) -> str:
        try:
            with transaction.atomic():
                outcome = save_product(
                    record,
                    known,
                    self.vocabulary,
                    reference=_("import of %s") % self.source,
                    sets_stock=self.sets_stock,
                )
        except LineError as error:
            record.errors[error.line] = error.reason
        except ValidationError as error:
            record.errors[record.line] = reasons(error)
        except Refusal as error:
            record.errors[record.line] = str(error)
        else:
            self.vocabulary.keep()
            return outcome
        self.vocabulary.forget()
        return "failed"


def _format(table: Table, wanted: str) -> str:
    if wanted in READERS:
        return wanted
    if wanted != "auto":
        raise UnreadableFile(_("Unknown format: %s.") % wanted)
    for name, (required, _read) in READERS.items():
        if all(column.lower() in table.columns for column in required):
            return name
    headers = "; ".join(f"{name}: {', '.join(need)}" for name, (need, _read) in READERS.items())
    raise UnreadableFile(_("The header is of no known format. Needed are: %s.") % headers)


def _look_up(records: Iterable[ProductRecord]) -> Known:
    """Return what the database has of these products: a constant number of statements."""
    chosen = list(records)
    values = "attribute_values__value__attribute"
    products = Product.objects.filter(slug__in=[one.slug for one in chosen]).prefetch_related(
        "categories", values, f"variants__{values}"
    )
    skus = [variant.sku for one in chosen for variant in one.variants]
    owners = Variant.objects.filter(sku__in=skus).values_list("sku", "product__slug")
    return Known({one.slug: one for one in products}, dict(owners))


def _new(seen: set[int], text: str) -> bool:
    """Remember ``text``; say whether it had not been there."""
    before = len(seen)
    seen.add(hash(text))
    return len(seen) > before
