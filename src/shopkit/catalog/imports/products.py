"""Products from files: streamed, some hundred per transaction, good ones kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.conf import catalog_settings
from shopkit.core.backends import load_callable

from .house_products import REQUIRED as OWN_REQUIRED
from .house_products import read_own
from .keeping import keep_good
from .pictures import Pictures
from .reading import Table
from .records import ProductRecord
from .report import Listener, Message, Report, Run, UnreadableFile
from .saving import ProductSaver
from .seen import Seen
from .shopify import REQUIRED as SHOPIFY_REQUIRED
from .shopify import read_shopify
from .vocabulary import Vocabulary
from .work import Kind, Work

Records = Iterable[ProductRecord]
# Pictures take seconds each, and of one chunk the products wait for theirs.
FEW = 20
READERS: dict[str, tuple[tuple[str, ...], Callable[[Table], Iterator[ProductRecord]]]] = {
    "shopify": (SHOPIFY_REQUIRED, lambda table: read_shopify(table.rows())),
    "shopkit": (OWN_REQUIRED, read_own),
}


@dataclass(frozen=True)
class Source:
    """A file that can be read as often as needed.

    total -- rows in it
    format -- which of the formats it is
    """

    read: Callable[[], Records]
    total: int
    format: str

    @property
    def names_images(self) -> bool:
        """Whether it may name pictures; our own format does not."""
        return self.format != "shopkit"


def formats() -> tuple[str, ...]:
    """Return the names of the formats: "auto", ours, and the site's own."""
    return ("auto", *READERS, *catalog_settings().IMPORT_FORMATS)


def import_products(
    path: str | Path,
    *,
    format: str = "auto",
    stock: bool = False,
    images: bool = False,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> Report:
    """Import the products of a file; a second run of the same file changes nothing.

    Products are known by their slug (Shopify's handle), variants by their SKU. A product with a
    wrong row is told to ``listener`` and left as it was. Variants that the file does not name
    stay. Up to 200 products are one transaction.

    format -- "shopify", "shopkit", one of ``IMPORT_FORMATS``, or "auto" to go by the header
    stock -- set the stock of variants that exist, too; new ones always get theirs
    images -- fetch the pictures that the file names, each once; slow, because they come by network
    dry_run -- do everything, then undo it, a few hundred products at a time

    Returns the numbers of products. Raises UnreadableFile before anything has changed.
    """
    source = open_products(path, format)
    run = Run(listener or Listener(), total=source.total)
    kind = ProductKind(
        source.read,
        sets_stock=stock,
        fetches_images=images and source.names_images,
        name=Path(path).name,
    )
    Work(kind, run, dry_run=dry_run).go()
    return run.report


def open_products(path: str | Path, format: str) -> Source:
    """Look at the file. Raises UnreadableFile when it cannot be read, or not in that format."""
    own: Mapping[str, str] = catalog_settings().IMPORT_FORMATS
    if format in own:
        reader = load_callable(own[format])
        total = sum(record.rows for record in reader(Path(path)))
        return Source(lambda: reader(Path(path)), total, format)
    table = Table(path)
    name = _format(table, format)
    required, read = READERS[name]
    table.require(required)
    return Source(lambda: read(table), table.total, name)


class ProductKind(Kind):
    """Products, whatever the format they come in.

    name -- of the file, for the stock ledger
    fetches_images -- those that the file names, once their product is stored
    """

    def __init__(
        self, read: Callable[[], Records], *, sets_stock: bool, fetches_images: bool, name: str
    ) -> None:
        self.read = read
        self.pictures = Pictures()
        self.settles = fetches_images
        if fetches_images:
            self.chunk = FEW
        self.sets_stock = sets_stock
        self.name = name
        self.vocabulary = Vocabulary()
        self.counts = availability().counts
        self.told_of_stock = False
        self._slugs = Seen()
        self._skus = Seen()

    def items(self) -> Iterator[ProductRecord]:
        """Yield the products."""
        return iter(self.read())

    def check(self, item: ProductRecord) -> None:
        """Find products and SKUs that were in the file before, and stock that nobody counts."""
        if not self._slugs.add(item.slug):
            message = _("Its product was in the file before; rows of one must follow each other.")
            item.errors.setdefault(item.line, message)
        for variant in item.variants:
            if not self._skus.add(variant.sku):
                message = _("The SKU “%s” was in the file before.") % variant.sku
                item.errors.setdefault(variant.line, message)
        if not self.counts:
            self._drop_stock(item)
        if not self.settles:
            item.notes += [(one.line, _("Its image was not imported.")) for one in item.images]

    def save(self, items: Sequence[ProductRecord]) -> Sequence[str]:
        """Make or change the products."""
        reference = _("import of %s") % self.name
        saver = ProductSaver(self.vocabulary, reference, self.sets_stock)
        return keep_good(items, saver.save, self.vocabulary)

    def settle(self, item: ProductRecord) -> list[Message]:
        """Fetch the pictures of a stored product."""
        return self.pictures.take(item)

    def forget(self) -> None:
        """Look names up anew."""
        self.vocabulary = Vocabulary()

    def _drop_stock(self, record: ProductRecord) -> None:
        given = [variant for variant in record.variants if variant.stock]
        if given and not self.told_of_stock:
            self.told_of_stock = True
            message = _("This shop does not count its stock; numbers in the file are left out.")
            record.notes.append((given[0].line, message))
        for variant in record.variants:
            variant.stock = None


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
