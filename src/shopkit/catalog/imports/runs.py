"""Imports that are written down: what was interrupted goes on where it stopped.

How far an import is stands in ``ImportRun`` and is committed together with what it has imported,
so nothing is done twice and nothing left out, however it was ended.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.catalog.models import ImportMessage, ImportRun

from .amounts import PricesKind, StockKind
from .categories import FORMATS as CATEGORY_FORMATS
from .categories import count_rows, import_categories
from .products import ProductKind, formats, open_products
from .reading import Table
from .report import Listener, Message, Report, Run, UnreadableFile
from .work import Kind, Ledger, Step, Work

BLOCK = 1 << 20
# Of a file that is all wrong, so many messages are kept; all are counted.
MOST_KEPT = 10_000
LONGEST_NAME = 200


class Overtaken(Exception):
    """Somebody else goes on with this import, or has ended it; here it ends without a loss."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be imported, and how.

    kind -- of ``ImportRun.Kind``
    format -- one of ``formats_of(kind)``
    options -- see ``ImportRun``
    """

    kind: str
    format: str = "auto"
    options: Mapping[str, Any] | None = None


def formats_of(kind: str) -> tuple[str, ...]:
    """Return the formats that files of this kind come in."""
    if kind == ImportRun.Kind.PRODUCTS:
        return formats()
    return CATEGORY_FORMATS if kind == ImportRun.Kind.CATEGORIES else ("shopkit",)


def checksum_of(path: str | Path) -> str:
    """Return the SHA-256 of a file. Raises UnreadableFile when it is not there."""
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error
    return digest.hexdigest()


def begin_run(path: str | Path, order: Order, **fields: Any) -> ImportRun:
    """Write down that an import begins; ``carry_on`` does it.

    fields -- further ones of the run: started_by, upload

    Raises UnreadableFile; nothing is written down then.
    """
    checksum = checksum_of(path)
    _kind, total, format = open_kind(path, order)
    given: dict[str, Any] = {
        "kind": order.kind,
        "format": format,
        "file_name": Path(path).name[-LONGEST_NAME:],
        "checksum": checksum,
        "options": dict(order.options or {}),
        "status": ImportRun.Status.RUNNING,
        "total": total,
    }
    return ImportRun.objects.create(**{**given, "started_at": Now(), **fields})


def find_unfinished(path: str | Path, order: Order) -> ImportRun | None:
    """Return the last import of this very file, in this way, that has not come to its end."""
    runs = ImportRun.objects.unfinished().filter(
        checksum=checksum_of(path), kind=order.kind, options=dict(order.options or {}), upload=""
    )
    if order.format != "auto":
        runs = runs.filter(format=order.format)
    return runs.first()


def carry_on(
    run: ImportRun,
    path: str | Path,
    *,
    listener: Listener | None = None,
    until: Callable[[], bool] = lambda: False,
) -> bool:
    """Go on with ``run`` from where it stands, and say whether it came to its end.

    until -- asked after each transaction, and each product whose pictures were fetched; once it
        says yes, no further one is begun

    Raises UnreadableFile when the file is another one than at the beginning, or cannot be read;
    Overtaken when somebody else is at it. What has been imported before either stays.
    """
    if checksum_of(path) != run.checksum:
        raise UnreadableFile(_("This is not the file that the import began with."))
    order = Order(kind=run.kind, format=run.format, options=run.options)
    heard = listener or Listener()
    if run.kind == ImportRun.Kind.CATEGORIES:
        _import_tree(run, path, heard)
    else:
        kind, total, _format = open_kind(path, order, name=run.file_name)
        work = Work(kind, Run(heard, total), ledger=RunLedger(run))
        if not work.go(start=run.position, settled=run.settled, until=until):
            run.refresh_from_db()
            return False
    _finish(run)
    return True


def rehearse(
    path: str | Path, order: Order, *, listener: Listener | None = None, most: int | None = None
) -> Report:
    """Do the import and undo it, a few hundred subjects at a time; return what it would do.

    most -- rows after which it ends, about; None for all. Categories are always tried all
        together, because each hangs below another.

    Raises UnreadableFile.
    """
    heard = listener or Listener()
    if order.kind == ImportRun.Kind.CATEGORIES:
        language = (order.options or {}).get("language", "")
        return import_categories(
            path, format=order.format, language=language, dry_run=True, listener=heard
        )
    kind, total, _format = open_kind(path, order)
    run = Run(heard, total)
    Work(kind, run, dry_run=True).go(most=most)
    return run.report


def open_kind(path: str | Path, order: Order, *, name: str = "") -> tuple[Any, int, str]:
    """Return what reads and saves the file, its number of rows, and its format.

    Raises UnreadableFile.
    """
    named = name or Path(path).name
    if order.kind == ImportRun.Kind.CATEGORIES:
        return None, count_rows(path, format=order.format), order.format
    if order.kind == ImportRun.Kind.PRODUCTS:
        source = open_products(path, order.format)
        options = order.options or {}
        products = ProductKind(
            source.read,
            sets_stock=bool(options.get("stock")),
            fetches_images=bool(options.get("images")) and source.names_images,
            name=named,
        )
        return products, source.total, source.format
    table = Table(path)
    kind: Kind = (
        StockKind(table, name=named) if order.kind == ImportRun.Kind.STOCK else PricesKind(table)
    )
    return kind, table.total, "shopkit"


def report_of(run: ImportRun) -> Report:
    """Return the numbers of ``run``."""
    names = Report.__dataclass_fields__
    return Report(**{name: getattr(run, name) for name in names})


class RunLedger(Ledger):
    """Writes how far it is into the run's row, which it keeps locked meanwhile."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self._kept = run.errors + run.notes

    def hold(self, position: int) -> None:
        """Lock the row. Raises Overtaken when it says something else than expected."""
        row = ImportRun.objects.select_for_update().get(pk=self.run.pk)
        if row.status != ImportRun.Status.RUNNING or row.position != position:
            raise Overtaken
        self._kept = row.errors + row.notes

    def advance(self, position: int, step: Step) -> None:
        """Write the position, the numbers and the messages."""
        counts: dict[str, int] = dict(Counter(step.outcomes))
        counts["errors"] = sum(one.is_error for one in step.messages)
        counts["notes"] = len(step.messages) - counts["errors"]
        more = {name: F(name) + number for name, number in counts.items()}
        ImportRun.objects.filter(pk=self.run.pk).update(position=position, updated_at=Now(), **more)
        self._keep(step.messages)

    def settle(self, position: int, messages: Sequence[Message]) -> None:
        """Write the position, and count and store notes, unless somebody else was quicker."""
        before = ImportRun.objects.filter(pk=self.run.pk, settled__lt=position)
        more = {"settled": position, "notes": F("notes") + len(messages)}
        with transaction.atomic():
            if before.update(updated_at=Now(), **more):
                self._keep(messages)

    def errors_from(self, line: int) -> Mapping[int, str]:
        """Return the errors that were stored."""
        rows = self.run.messages.filter(is_error=True, line__gte=line).order_by("line")
        return dict(rows.values_list("line", "text"))

    def _keep(self, messages: Sequence[Message]) -> None:
        kept = messages[: max(0, MOST_KEPT - self._kept)]
        keep_messages(self.run, kept)
        self._kept += len(kept)


def keep_messages(run: ImportRun, messages: Sequence[Message]) -> None:
    """Store messages of ``run``."""
    ImportMessage.objects.bulk_create(
        ImportMessage(
            run=run,
            line=one.line,
            text=one.text,
            is_error=one.is_error,
            cells=[list(one.source[0]), *(list(row.values()) for row in one.source)]
            if one.source
            else [],
        )
        for one in messages
    )


def _import_tree(run: ImportRun, path: str | Path, listener: Listener) -> None:
    """Categories are one transaction, so they are never half done."""
    kept: list[Message] = []

    class Keeping(Listener):
        def message(self, message: Message) -> None:
            if len(kept) < MOST_KEPT:
                kept.append(message)
            listener.message(message)

        def progress(self, done: int, total: int) -> None:
            listener.progress(done, total)

    ledger = RunLedger(run)
    with transaction.atomic():
        ledger.hold(0)
        language = run.options.get("language", "")
        report = import_categories(path, format=run.format, language=language, listener=Keeping())
        numbers = {name: getattr(report, name) for name in Report.__dataclass_fields__}
        rows = report.created + report.updated + report.unchanged + report.failed
        ImportRun.objects.filter(pk=run.pk).update(position=rows, total=rows, **numbers)
        keep_messages(run, kept)


def _finish(run: ImportRun) -> None:
    """Mark the run as done, and let go of its file."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.status == ImportRun.Status.RUNNING:
            end_run(row, ImportRun.Status.DONE)
    run.refresh_from_db()


def end_run(row: ImportRun, status: ImportRun.Status, *, problem: str = "") -> None:
    """Write down that a run, whose row is locked, is over; its file goes after the commit."""
    if row.upload:
        transaction.on_commit(partial(row.upload.storage.delete, str(row.upload.name)), robust=True)
    ImportRun.objects.filter(pk=row.pk).update(
        status=status, problem=problem, finished_at=Now(), updated_at=Now(), upload=""
    )
