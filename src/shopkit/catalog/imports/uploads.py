"""Imports by upload: looked at first, then done piece by piece, off the request.

Each piece is one delivery of ``import_due``, ends by itself after some seconds and announces the
next. A piece that dies is delivered again and goes on where the last transaction has ended.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.facts import import_due
from shopkit.catalog.models import ImportRun
from shopkit.core.conf import facts_settings
from shopkit.core.purge import delete_all

from .report import Listener, Message, UnreadableFile
from .runs import LONGEST_NAME, Order, Overtaken, begin_run, carry_on, end_run, rehearse

# So many rows are rehearsed before anybody says yes, and so many messages of it shown.
PREVIEW_ROWS = 200
MOST_SHOWN = 200
PIECE = 20.0  # seconds
# An upload that nobody confirms goes after so long.
UNCONFIRMED = timedelta(days=1)


def take_upload(file: UploadedFile[Any], order: Order, *, user: Any = None) -> ImportRun:
    """Keep an uploaded file and try its first rows; nothing is imported until ``confirm_run``.

    Returns the run, which waits for confirmation. Raises ValidationError for a file that is too
    large, or cannot be read.
    """
    largest = catalog_settings().IMPORT_LARGEST
    if (file.size or 0) > largest:
        message = _("The file is too large. At most %d MB can be uploaded.") % (largest >> 20)
        raise ValidationError(message, code="too_large")
    with _copied(file.chunks(), name=file.name or "") as path:
        heard = _First()
        try:
            report = rehearse(path, order, listener=heard, most=PREVIEW_ROWS)
            with transaction.atomic():
                run = begin_run(
                    path,
                    replace(order, options={**(order.options or {}), "told_in": get_language()}),
                    status=ImportRun.Status.NEW,
                    started_at=None,
                    started_by=user,
                    file_name=(file.name or "")[-LONGEST_NAME:],
                    preview={
                        "report": asdict(report),
                        "messages": heard.messages_shown,
                        "rows": heard.rows_shown,
                    },
                )
        except UnreadableFile as error:
            raise ValidationError(str(error), code="unreadable") from error
        run.upload.save(run.file_name, file)
    return run


def confirm_run(run: ImportRun) -> bool:
    """Let a run that waits begin; say whether it was this call that did. Announces import_due."""
    waiting = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.NEW)
    with transaction.atomic():
        begun = waiting.update(
            status=ImportRun.Status.RUNNING, started_at=Now(), updated_at=Now(), preview={}
        )
        if begun:
            import_due.announce(run_id=run.pk, position=0)
    return bool(begun)


def cancel_run(run: ImportRun) -> bool:
    """End a run that is not over; what it has imported stays. Say whether there was one to end."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.is_over:
            return False
        end_run(row, ImportRun.Status.CANCELLED)
    return True


def continue_upload(run_id: int) -> None:
    """Do the next piece of a run, and announce the one after it; safe to call twice."""
    run = ImportRun.objects.filter(pk=run_id, status=ImportRun.Status.RUNNING).first()
    if run is None:
        return
    lease = facts_settings().LEASE.total_seconds()
    end = time.monotonic() + min(PIECE, lease / 4)
    try:
        with _stored(run) as path, override(run.options.get("told_in")):
            is_done = carry_on(run, path, until=lambda: time.monotonic() >= end)
    except Overtaken:
        return
    except UnreadableFile as error:
        _stop(run, str(error))
        return
    if not is_done:
        import_due.announce(run_id=run.pk, position=run.position)


def forget_imports() -> int:
    """Delete what is over for ``KEEP_IMPORTS``, and uploads that nobody confirmed."""
    old = timezone.now() - UNCONFIRMED
    forgotten = ImportRun.objects.filter(status=ImportRun.Status.NEW, created_at__lt=old)
    count = sum(cancel_run(run) for run in forgotten.iterator())
    kept_since = timezone.now() - catalog_settings().KEEP_IMPORTS
    over = ImportRun.objects.filter(finished_at__lt=kept_since)
    # A command that was killed and never resumed is over, too.
    idle = ImportRun.objects.unfinished().filter(upload="", updated_at__lt=kept_since)
    return count + delete_all(over) + delete_all(idle)


class _First(Listener):
    """Remembers the first of what it hears, as JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.messages_shown: list[dict[str, Any]] = []
        self.rows_shown: list[dict[str, Any]] = []

    def message(self, message: Message) -> None:
        if len(self.messages_shown) < MOST_SHOWN:
            shown = {"line": message.line, "text": message.text, "is_error": message.is_error}
            self.messages_shown.append(shown)

    def outcome(self, line: int, subject: str, outcome: str) -> None:
        if len(self.rows_shown) < MOST_SHOWN:
            self.rows_shown.append({"line": line, "subject": subject, "outcome": outcome})


def _stop(run: ImportRun, problem: str) -> None:
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not row.is_over:
            end_run(row, ImportRun.Status.STOPPED, problem=problem)


@contextmanager
def _stored(run: ImportRun) -> Iterator[Path]:
    """Give the uploaded file as one on this machine. Raises UnreadableFile when it is gone."""
    try:
        file = run.upload.open("rb")
    except (OSError, ValueError) as error:
        raise UnreadableFile(_("The uploaded file is gone.")) from error
    with file, _copied(file.chunks(), name="upload") as path:
        yield path


@contextmanager
def _copied(chunks: Any, *, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shopkit-import-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as copy:
            for chunk in chunks:
                copy.write(chunk)
        yield path
