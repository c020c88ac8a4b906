"""The index of this process, which no count is given from before it knows every change.

On PostgreSQL the triggers write down what each transaction changes (``FacetChange``). A process
keeps the index with the snapshot it was true for, and before it counts it reads the changes of all
transactions that are visible now and were not in that snapshot: no more, and no fewer, however long
they took and in whichever order they committed. Their products are read anew as they are now.

Elsewhere, and inside a transaction, which sees what may be taken back, the index is made for the
occasion and forgotten.
"""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections, router
from django.db.models.functions import Now

from shopkit.catalog import triggers
from shopkit.catalog.models import FacetChange, Product
from shopkit.core.purge import delete_all

from .index import FacetIndex
from .reading import read_groups

# With more changed products than this everything is read anew, which takes no longer.
MOST_CHANGED = 2000
# Whoever has not looked for so long reads everything anew; what was changed is kept far longer.
LONGEST_SLEEP = 3600.0
KEEP = timedelta(days=1)
# A standby does not know which transactions are under way: all from the oldest one on may be.
LOOK = """
    SELECT CASE WHEN pg_is_in_recovery()
            THEN pg_snapshot_xmin(now) || ':' || pg_snapshot_xmin(now) || ':'
            ELSE now::text END,
        '{facetchange}'::regclass::oid
    FROM pg_current_snapshot() AS now"""
CHANGES = """
    SELECT seen.*, ARRAY(
        SELECT DISTINCT product_key FROM {facetchange}
        WHERE transaction >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
            AND NOT pg_visible_in_snapshot(transaction::text::xid8, %s::pg_snapshot)
        LIMIT {most})
    FROM ({look}) AS seen"""


@dataclass(frozen=True)
class _Kept:
    """An index and what it is true for.

    snapshot -- PostgreSQL's: which transactions it has seen
    log -- of which table the changes were read; another database has another one
    looked_at -- on this process's own clock
    """

    index: FacetIndex
    snapshot: str
    log: int
    looked_at: float


_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


def current_index() -> FacetIndex:
    """Return an index that is right now; one statement, two when something has changed."""
    using = router.db_for_read(Product)
    connection = connections[using]
    is_alone = connection.get_autocommit() and not connection.in_atomic_block
    if connection.vendor != "postgresql" or not is_alone:
        return FacetIndex.of(read_groups(using))
    with _lock:
        return _renewed(using)


def purge_changes() -> int:
    """Delete what every process has read, or reads everything without; return how many rows."""
    return delete_all(FacetChange._default_manager.filter(changed_at__lte=Now() - KEEP))


def _renewed(using: str) -> FacetIndex:
    old = _kept.get(using)
    if old is None or time.monotonic() - old.looked_at > LONGEST_SLEEP:
        return _read(using)
    looked_at = time.monotonic()
    tables = triggers.tables(using)
    sql = CHANGES.format(look=LOOK.format(**tables), most=MOST_CHANGED + 1, **tables)
    snapshot, log, products = _row(using, sql, [old.snapshot, old.snapshot])
    if log != old.log or None in products or len(products) > MOST_CHANGED:
        return _read(using)
    index = old.index
    if products:
        # Read later than the snapshot: what changes in between is seen now, and again next time.
        index = index.changed(products, read_groups(using, products))
    _kept[using] = _Kept(index, snapshot, log, looked_at)
    return index


def _read(using: str) -> FacetIndex:
    _kept.pop(using, None)
    looked_at = time.monotonic()
    snapshot, log = _row(using, LOOK.format(**triggers.tables(using)))
    index = FacetIndex.of(read_groups(using))
    if not triggers.missing(using):
        _kept[using] = _Kept(index, snapshot, log, looked_at)
    return index


def _row(using: str, sql: str, params: Any = None) -> Any:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
