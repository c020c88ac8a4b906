"""Deleting what is over: batch after batch, so that no lock is held for long."""

from typing import Any

from django.db import connections, router, transaction
from django.db.models import QuerySet

BATCH = 1000


def delete_some(rows: QuerySet[Any], limit: int = BATCH) -> int:
    """Delete up to ``limit`` of ``rows`` in one transaction; return how many.

    Rows that another process holds are passed over where the engine can do that, so two who purge
    at once share the work and cannot deadlock.
    """
    alias = router.db_for_write(rows.model)
    skips = connections[alias].features.has_select_for_update_skip_locked
    with transaction.atomic(using=alias):
        # In no order: sorting all that is over, for each batch anew, would cost more than deleting.
        chosen = rows.using(alias).order_by().select_for_update(skip_locked=skips)
        keys = list(chosen.values_list("pk", flat=True)[:limit])
        rows.model._base_manager.using(alias).filter(pk__in=keys).delete()
    return len(keys)


def delete_all(rows: QuerySet[Any], *, batch: int = BATCH) -> int:
    """Delete all of ``rows``, each batch in a transaction of its own; return how many."""
    total = 0
    while deleted := delete_some(rows, batch):
        total += deleted
    return total
