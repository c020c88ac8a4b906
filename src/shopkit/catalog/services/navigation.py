"""The category tree as visitors see it: nested, counted, without hidden branches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from shopkit.catalog.models import Category
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.translation import in_language, reading_language

Node = dict[str, Any]
COLUMNS = (
    "pk", "parent_id", "slug", "name", "translations", "is_active", "product_count", "search_key",
)  # fmt: skip


def read_tree(
    rows: QuerySet[Category], *, root: str = "", depth: int | None = None, search: str = ""
) -> list[Node]:
    """Return the visible categories of ``rows``, nested, in one statement.

    root -- slug or key of the only branch to show
    depth -- levels to show
    search -- keep categories whose name, in any language, has every word, and those above them;
        whichever backend searches products

    Raises Category.DoesNotExist for an unknown root.
    """
    found = _read(rows)
    nodes = _nested(found)
    roots = [nodes[row.pk] for row in found if row.pk in nodes and row.parent_id is None]
    if root:
        roots = [_find(nodes.values(), root)]
    question = read_question(search)
    if question.words:
        matching = {row.pk for row in found if question.is_met_by(row.search_key)}
        roots = _pruned(roots, lambda node: node["id"] in matching)
    return roots if depth is None else _cut(roots, depth)


def read_branch(category: Category) -> Node:
    """Return ``category`` with what is below it and its ``breadcrumbs``, itself last.

    What is hidden below stays out; the category itself is shown, hidden or not.
    """
    found = _read(Category.objects.filter(tree_id=category.tree_id))
    rows = {row.pk: row for row in found}
    path = [category.pk]
    while rows[path[-1]].parent_id is not None:
        path.append(rows[path[-1]].parent_id)
    nodes = _nested(found, shown=set(path))
    crumbs = [{name: nodes[key][name] for name in ("id", "slug", "name")} for key in reversed(path)]
    return {**nodes[category.pk], "breadcrumbs": crumbs}


def _read(rows: QuerySet[Category]) -> list[Any]:
    counted = rows.annotate(product_count=Coalesce(Sum("counts__products"), 0))
    return list(counted.order_by("tree_id", "lft").values_list(*COLUMNS, named=True))


def _nested(rows: Sequence[Any], shown: Iterable[int] = ()) -> Mapping[int, Node]:
    """Return the nodes by key, each with its children; parents come first in ``rows``.

    shown -- keys that are shown though they are hidden
    """
    nodes: dict[int, Node] = {}
    languages = reading_language()
    for row in rows:
        if not (row.is_active or row.pk in shown):
            continue
        if row.parent_id is not None and row.parent_id not in nodes:
            continue
        nodes[row.pk] = {
            "id": row.pk,
            "slug": row.slug,
            "name": in_language(languages, row.name, row.translations),
            "product_count": row.product_count,
            "children": [],
        }
        if row.parent_id is not None:
            nodes[row.parent_id]["children"].append(nodes[row.pk])
    return nodes


def _find(nodes: Iterable[Node], ref: str) -> Node:
    for node in nodes:
        if ref in {node["slug"], str(node["id"])}:
            return node
    raise Category.DoesNotExist


def _pruned(nodes: Sequence[Node], matches: Callable[[Node], bool]) -> list[Node]:
    """Return copies of the nodes that match or have a match below."""
    kept = []
    for node in nodes:
        children = _pruned(node["children"], matches)
        if children or matches(node):
            kept.append({**node, "children": children})
    return kept


def _cut(nodes: Sequence[Node], depth: int) -> list[Node]:
    if depth == 0:
        return []
    return [{**node, "children": _cut(node["children"], depth - 1)} for node in nodes]
