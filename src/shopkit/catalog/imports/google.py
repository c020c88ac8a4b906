"""Google's product taxonomy: "1604 - Apparel & Accessories > Clothing", one node a line."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from shopkit.catalog.models import Category
from shopkit.catalog.services.tree import change_tree, insert_tree
from shopkit.catalog.translation import validate_translations
from shopkit.core.text import fold

from .decoding import read_lines
from .report import Run, UnreadableFile

ENTRY = re.compile(r"(\d{1,15}) - (\S.*)")
SEPARATOR = " > "
LONGEST_NAME = 200
LONGEST_SLUG = 120
ID = "google_id"

Names = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One node of the file."""

    line: int
    id: int
    path: Names

    @property
    def name(self) -> str:
        """Its own name, without those above."""
        return self.path[-1]


def read_taxonomy(path: str | Path, run: Run) -> list[Entry]:
    """Return the nodes of the file, shorter paths first; tell ``run`` of lines that are none.

    Raises UnreadableFile when no line is a node.
    """
    entries: dict[int, Entry] = {}
    for number, line in enumerate(read_lines(path), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            try:
                entry = _parse(number, text)
                if entry.id in entries:
                    raise ValueError(_("The id %d has been there before.") % entry.id)
                entries[entry.id] = entry
            except ValueError as error:
                run.error(number, str(error))
                run.report.failed += 1
    if not entries:
        raise UnreadableFile(_("No line reads “id - A > B”. Is it another kind of file?"))
    return sorted(entries.values(), key=lambda entry: len(entry.path))


def import_nodes(entries: Sequence[Entry], *, run: Run) -> None:
    """Make the tree of ``entries``: a node is known by its id, or else by its path."""
    tree = _Tree(in_file={entry.id for entry in entries})
    new: list[Category] = []
    changed: list[Category] = []
    for entry in entries:
        try:
            node = tree.find(entry)
            if node is None:
                new.append(tree.add(entry))
            elif tree.mark(node, entry):
                changed.append(node)
            else:
                run.report.unchanged += 1
        except ValueError as error:
            run.error(entry.line, str(error))
            run.report.failed += 1
    insert_tree(new)
    if changed:
        change_tree(changed, fields=["name", "metadata"])
    run.report.created += len(new)
    run.report.updated += len(changed)


def import_names(entries: Sequence[Entry], *, language: str, run: Run) -> None:
    """Write the names into the translations of the nodes with the same ids.

    An id that no category has is told as a note: editions of the taxonomy differ by language.

    Raises UnreadableFile when ``language`` is no language code.
    """
    _refuse_language(language)
    nodes = {node.metadata[ID]: node for node in Category.objects.filter(metadata__has_key=ID)}
    changed = []
    for entry in entries:
        node = nodes.get(entry.id)
        if node is None:
            run.note(entry.line, _("No category has the id %d; left out.") % entry.id)
            continue
        texts = node.translations.get(language, {})
        if texts.get("name") == entry.name:
            run.report.unchanged += 1
        else:
            node.translations = {**node.translations, language: {**texts, "name": entry.name}}
            changed.append(node)
    if changed:
        change_tree(changed, fields=["translations"])
    run.report.updated += len(changed)


class _Tree:
    """The stored categories, and those about to be, by id and by path."""

    def __init__(self, *, in_file: Collection[int]) -> None:
        self._slugs: set[str] = set()
        self._by_id: dict[int, Category] = {}
        self._by_place: dict[tuple[int | None, str], Category] = {}
        self._by_path: dict[Names, Category] = {}
        for node in Category.objects.in_tree_order():
            self._slugs.add(node.slug)
            known_as = node.metadata.get(ID)
            if known_as is not None:
                self._by_id[known_as] = node
            # Another line of the file is this node, whatever its name was.
            if known_as not in in_file:
                self._by_place.setdefault((node.parent_id, node.name), node)

    def find(self, entry: Entry) -> Category | None:
        """Return the stored node of ``entry``. Raises ValueError when its parent is nowhere."""
        parent = self._parent(entry)
        node = self._by_id.get(entry.id)
        if node is None and (parent is None or parent.pk):
            node = self._by_place.get((parent and parent.pk, entry.name))
        if node is not None:
            self._by_path[entry.path] = node
        return node

    def add(self, entry: Entry) -> Category:
        """Return a new, unsaved node for ``entry``."""
        node = Category(
            name=entry.name,
            slug=self._free_slug(entry),
            parent=self._parent(entry),
            metadata={ID: entry.id},
        )
        self._by_path[entry.path] = node
        return node

    def mark(self, node: Category, entry: Entry) -> bool:
        """Give a stored node the name and id of ``entry``; say whether that changed it."""
        if node.name == entry.name and node.metadata.get(ID) == entry.id:
            return False
        node.name = entry.name
        node.metadata = {**node.metadata, ID: entry.id}
        return True

    def _parent(self, entry: Entry) -> Category | None:
        above = entry.path[:-1]
        if above and above not in self._by_path:
            raise ValueError(_("No line of the file is its parent, “%s”.") % SEPARATOR.join(above))
        return self._by_path[above] if above else None

    def _free_slug(self, entry: Entry) -> str:
        # Many leaves share a name; the id makes their slugs differ, and alike in every run.
        slug = slugify(fold(entry.name))[:LONGEST_SLUG]
        if not slug or slug.isdigit() or slug in self._slugs:
            slug = f"{slug[: LONGEST_SLUG - 20]}-g{entry.id}".lstrip("-")
        self._slugs.add(slug)
        return slug


def _parse(line: int, text: str) -> Entry:
    found = ENTRY.fullmatch(text)
    if found is None:
        raise ValueError(_("It does not read “id - A > B”."))
    path = tuple(name.strip() for name in found[2].split(SEPARATOR))
    if not all(1 <= len(name) <= LONGEST_NAME for name in path):
        raise ValueError(_("A name has from 1 to %d characters.") % LONGEST_NAME)
    return Entry(line, int(found[1]), path)


def _refuse_language(language: str) -> None:
    try:
        validate_translations({language: {}}, members=("name",))
    except ValidationError as error:
        raise UnreadableFile(" ".join(error.messages)) from error
