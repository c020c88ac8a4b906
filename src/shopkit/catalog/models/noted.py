"""Querysets whose writes are noted: what is remembered of the catalogue is old after them.

Saves, deletions and changes of links are noted by the receivers; these are the writes that send
no signal.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from shopkit.catalog.freshness import catalog_changed, subjects_of

Row = TypeVar("Row", bound=models.Model)


class NotedQuerySet(models.QuerySet[Row]):
    """Rows that the catalogue shows."""

    def update(self, **changes: Any) -> int:
        """Change the rows; ``bulk_update`` comes here too."""
        changed = super().update(**changes)
        if changed:
            self._note()
        return changed

    update.alters_data = True  # type: ignore[attr-defined]  # templates must not call it

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        """Insert the rows."""
        made = super().bulk_create(objs, *args, **kwargs)
        if made:
            self._note()
        return made

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _note(self) -> None:
        catalog_changed(subjects_of(self.model), using=self.db)


class NotedRows(NotedQuerySet[Any]):
    """The same for tables whose sets of rows have no names."""
