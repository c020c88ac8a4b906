"""Category trees from files: all of it in one transaction, read and written in batches."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shopkit.catalog.services.tree import tree_lock

from .decoding import read_lines
from .google import import_names, import_nodes, read_taxonomy
from .house_categories import REQUIRED, import_table
from .reading import Table
from .report import Listener, Report, Run, UnreadableFile

FORMATS = ("google", "shopkit")


def import_categories(
    path: str | Path,
    *,
    format: str,
    language: str = "",
    dry_run: bool = False,
    listener: Listener | None = None,
) -> Report:
    """Import a category tree; a second run of the same file changes nothing.

    format -- "google": lines of Google's product taxonomy, "id - A > B > C"; "shopkit": CSV with
        slug, name, parent_slug, position, is_active and name_<language>
    language -- of a google file: the names become translations of the categories that a file in
        the shop's main language has made before; "" is the main language
    dry_run -- do everything, then undo it

    Returns the numbers of categories. Raises UnreadableFile; nothing has changed then.
    """
    heard = listener or Listener()
    with tree_lock():
        if format == "google":
            run = _import_google(path, language=language, listener=heard)
        elif format == "shopkit":
            run = _import_table(path, listener=heard)
        else:
            raise UnreadableFile(_("Unknown format: %s.") % format)
        if dry_run:
            transaction.set_rollback(True)
    return run.report


def count_rows(path: str | Path, *, format: str) -> int:
    """Return how many categories a file has, more or less. Raises UnreadableFile."""
    if format == "google":
        return sum(not line.startswith("#") for line in read_lines(path))
    table = Table(path)
    table.require(REQUIRED)
    return table.total


def _import_google(path: str | Path, *, language: str, listener: Listener) -> Run:
    run = Run(listener, total=0)
    entries = read_taxonomy(path, run)
    run.total = len(entries)
    if language and language != settings.LANGUAGE_CODE:
        import_names(entries, language=language, run=run)
    else:
        import_nodes(entries, run=run)
    run.progress(run.total)
    return run


def _import_table(path: str | Path, *, listener: Listener) -> Run:
    table = Table(path)
    table.require(REQUIRED)
    run = Run(listener, total=table.total)
    import_table(table, run=run)
    run.progress(run.total)
    return run
