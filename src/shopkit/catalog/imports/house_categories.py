"""Our own CSV of categories: slug, name, parent_slug, position, is_active, name_<language>."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.models import Category
from shopkit.catalog.models.products import not_all_digits
from shopkit.catalog.services.nested_sets import Node, Place, heads_of_circles
from shopkit.catalog.services.tree import change_tree, insert_tree
from shopkit.catalog.translation import validate_translations

from .reading import Row, Table
from .report import Run, reasons

REQUIRED = ("slug", "name")
NAME_IN = "name_"
FIELDS = ("name", "parent", "position", "is_active", "translations")
COMPARED = ("name", "parent_id", "position", "is_active", "translations")
# Worked out from the place, or not of this format.
UNCHECKED = ["parent", "metadata", *Place._fields]


def import_table(table: Table, *, run: Run) -> None:
    """Make categories of the rows; one is known by its slug. Columns left out stay as they are.

    Rows may stand in any order: a parent may come after its children.
    """
    nodes = {node.slug: node for node in Category.objects.all()}
    before = {slug: _values(node) for slug, node in nodes.items()}
    lines: dict[str, int] = {}
    parents: dict[str, str] = {}
    rows: dict[str, Row] = {}
    for row in table.rows():
        try:
            node = _read(row, table, nodes, lines)
        except ValidationError as error:
            _fail(run, row, error)
            continue
        nodes[node.slug] = node
        lines[node.slug] = row.line
        rows[node.slug] = row
        if "parent_slug" in table.columns:
            parents[node.slug] = row.text("parent_slug")
    _Linking(nodes, parents, rows, before, run).write()


def _read(
    row: Row, table: Table, nodes: Mapping[str, Category], seen: Mapping[str, int]
) -> Category:
    """Return the node of one row with all but its parent set. Raises ValidationError."""
    slug = row.text("slug")
    if slug in seen:
        message = _("The slug “%(slug)s” has been there in line %(line)d.")
        raise ValidationError(message % {"slug": slug, "line": seen[slug]})
    node = nodes.get(slug) or Category(slug=slug)
    given = _given(row, table, node)
    old = {name: getattr(node, name) for name in given}
    _set(node, given)
    try:
        node.clean_fields(exclude=UNCHECKED)
        not_all_digits(slug)
        validate_translations(node.translations, members=("name",))
    except ValidationError:
        _set(node, old)
        raise
    return node


def _given(row: Row, table: Table, node: Category) -> dict[str, Any]:
    if row.is_wide:
        raise ValidationError(_("It has more cells than the header."))
    given: dict[str, Any] = {"name": row.text("name")}
    if "position" in table.columns:
        given["position"] = row.whole("position")
    if "is_active" in table.columns:
        given["is_active"] = row.truth("is_active")
    given["translations"] = _translations(row, table, node)
    return given


def _translations(row: Row, table: Table, node: Category) -> dict[str, Any]:
    found = {language: dict(texts) for language, texts in node.translations.items()}
    for column in table.columns:
        if column.startswith(NAME_IN):
            texts = found.setdefault(column.removeprefix(NAME_IN), {})
            if text := row.text(column):
                texts["name"] = text
            else:
                texts.pop("name", None)
    return {language: texts for language, texts in found.items() if texts}


class _Linking:
    """Hangs nodes below their parents and saves them.

    Who cannot hang is failed: a stored category stays as it was, a new one and what it would
    carry are left out.
    """

    def __init__(
        self,
        nodes: dict[str, Category],
        parents: dict[str, str],
        rows: dict[str, Row],
        before: Mapping[str, Mapping[str, Any]],
        run: Run,
    ) -> None:
        self.nodes = nodes  # by slug, as the others
        self.parents = parents
        self.rows = rows
        self.before = before
        self.run = run

    def write(self) -> None:
        """Save what can be saved and count it."""
        self._drop_orphans()
        self._drop_circles()
        self._hang()
        read = [self.nodes[slug] for slug in self.rows]
        new = [node for node in read if not node.pk]
        old = [node for node in read if node.pk]
        insert_tree(new)
        # Stored ones may hang below new ones, which have keys only now.
        self._hang()
        changed = [node for node in old if _values(node) != self.before[node.slug]]
        if changed:
            change_tree(changed, fields=FIELDS)
        for outcome, nodes in (("created", new), ("updated", changed)):
            for node in nodes:
                self.run.listener.outcome(self.rows[node.slug].line, node.slug, outcome)
        self.run.report.created += len(new)
        self.run.report.updated += len(changed)
        self.run.report.unchanged += len(old) - len(changed)

    def _hang(self) -> None:
        for slug, parent in self.parents.items():
            self.nodes[slug].parent = self.nodes[parent] if parent else None

    def _drop_orphans(self) -> None:
        while lost := [slug for slug, up in self.parents.items() if up and up not in self.nodes]:
            for slug in lost:
                message = _("There is no category “%s” to be its parent.")
                self._drop(slug, message % self.parents[slug])

    def _drop_circles(self) -> None:
        while heads := heads_of_circles(self._as_nodes()):
            slugs = list(self.nodes)
            for head in heads:
                self._drop(self._moved(slugs[head]), _("It would be below itself."))
            self._drop_orphans()

    def _moved(self, slug: str) -> str:
        """Return a member of the circle through ``slug`` that the file has hung where it is."""
        of_key: dict[int | None, str] = {
            node.pk: one for one, node in self.nodes.items() if node.pk
        }
        while slug not in self.parents:
            slug = of_key[self.nodes[slug].parent_id]
        return slug

    def _as_nodes(self) -> list[Node]:
        keys = {slug: key for key, slug in enumerate(self.nodes)}
        stored: dict[int | None, int] = {
            node.pk: keys[slug] for slug, node in self.nodes.items() if node.pk
        }
        parents = {slug: keys.get(parent) for slug, parent in self.parents.items()}
        nowhere = Place(0, 0, 0, 0)
        return [
            Node(keys[slug], parents.get(slug, stored.get(node.parent_id)), nowhere, 0, "")
            for slug, node in self.nodes.items()
        ]

    def _drop(self, slug: str, reason: str) -> None:
        _fail(self.run, self.rows.pop(slug), ValidationError(reason))
        del self.parents[slug]
        if slug in self.before:
            _set(self.nodes[slug], self.before[slug])
        else:
            del self.nodes[slug]


def _values(node: Category) -> dict[str, Any]:
    return {name: getattr(node, name) for name in COMPARED}


def _set(node: Category, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(node, name, value)


def _fail(run: Run, row: Row, error: ValidationError) -> None:
    run.error(row.line, reasons(error), [row.source])
    run.report.failed += 1
