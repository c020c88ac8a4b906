"""The category tree, as ``imports.house_categories`` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shopkit.catalog.imports.cells import shield
from shopkit.catalog.imports.house_categories import NAME_IN
from shopkit.catalog.models import Category

from .chunks import TRUTH


def categories_rows(_products: Any = None) -> Iterator[list[str]]:
    """Yield slug, name, parent_slug, position, is_active and a name per language, in tree order."""
    nodes = list(Category.objects.in_tree_order())
    languages = sorted({one for node in nodes for one in node.translations})
    columns = [f"{NAME_IN}{language}" for language in languages]
    yield ["slug", "name", "parent_slug", "position", "is_active", *columns]
    slugs = {node.pk: node.slug for node in nodes}
    for node in nodes:
        cells = [
            node.slug,
            node.name,
            slugs.get(node.parent_id, ""),
            str(node.position),
            TRUTH[node.is_active],
        ]
        cells += [node.translations.get(one, {}).get("name", "") for one in languages]
        yield [shield(cell) for cell in cells]
