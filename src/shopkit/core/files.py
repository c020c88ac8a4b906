"""Files that belong to rows: they stay only if the row does, and go only once it is gone.

A storage knows no transactions. What is saved before a commit that never comes would stay for
ever, and what is deleted before one would be missing.
"""

import logging
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import DEFAULT_DB_ALIAS, connections, transaction

logger = logging.getLogger("shopkit.files")


@contextmanager
def stored(
    storage: Storage, name: str, content: "File[Any]", *, using: str = DEFAULT_DB_ALIAS
) -> Iterator[str]:
    """Save a file and yield its name; it goes again when the block fails.

    Begin it outside of the transaction that writes the row, so that no lock is held while the file
    is on its way. Where somebody else's transaction is open around it, the file goes with that one
    too.

    using -- alias of the database that the row is written to
    """
    saved = storage.save(name, content)
    try:
        yield saved
    except BaseException:
        delete_files(storage, [saved])
        raise
    if connections[using].in_atomic_block:
        transaction.on_commit(_Kept(storage, saved), using=using)


def delete_after_commit(
    storage: Storage, names: Iterable[str], *, using: str = DEFAULT_DB_ALIAS
) -> None:
    """Delete files once the transaction is committed, or now where there is none."""
    doomed = list(names)
    transaction.on_commit(lambda: delete_files(storage, doomed), using=using, robust=True)


def delete_files(storage: Storage, names: Iterable[str]) -> None:
    """Delete files; one that cannot be is logged and left behind, and fails nothing."""
    for name in names:
        try:
            storage.delete(name)
        except Exception:
            logger.exception("The file %s cannot be deleted; it is left behind.", name)


class _Kept:
    """Waits for a commit to say that a file stays.

    Django calls nobody when a transaction, or a savepoint, is rolled back; but it drops what
    waits for the commit, and this is how a dropped one is noticed.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        self._discard = weakref.finalize(self, delete_files, storage, [name])

    def __call__(self) -> None:
        self._discard.detach()
