"""Attributes, their values and categories by the names that files use; made where missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from django.core.exceptions import ValidationError

from shopkit.catalog.models import Attribute, AttributeValue, Category
from shopkit.catalog.services.attributes import create_attribute, create_value
from shopkit.catalog.services.attribution import CLOSED, canonical_value
from shopkit.catalog.services.tree import create_category, tree_lock
from shopkit.core.locks import hold

from .records import Definition, Path, ProductRecord

# Two imports at once make each attribute and value once: whoever misses one waits, looks again and
# only then makes it. Taken before the tree's lock.
MAKING = "catalog.imports.vocabulary"


class Vocabulary:
    """What has been looked up or made so far in one run.

    Call ``keep`` when a transaction that used it is through, ``forget`` when it was rolled back.
    """

    def __init__(self) -> None:
        self._attributes: dict[str, Attribute] | None = None
        self._values: dict[str, set[str]] = {}
        self._categories: dict[tuple[int | None, str], Category] | None = None
        self._undo: list[Callable[[], object]] = []

    def keep(self) -> None:
        """What was made is there to stay."""
        self._undo.clear()

    def forget(self) -> None:
        """What was made since the last ``keep`` is not there."""
        while self._undo:
            self._undo.pop()()

    def prepare(self, record: ProductRecord) -> None:
        """Make the attributes and closed values that ``record`` needs. Raises ValidationError."""
        for definition in record.definitions.values():
            if definition.code not in self.attributes():
                self._define(definition)
        for own in (record.attributes, *(one.attributes for one in record.variants)):
            for code, text in own.items():
                self._allow(code, text)

    def attributes(self) -> dict[str, Attribute]:
        """Return all attributes by code; shops have dozens, so they are kept."""
        if self._attributes is None:
            self._attributes = {one.code: one for one in Attribute.objects.all()}
        return self._attributes

    def canonical(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return ``values`` as they would be stored; what does not fit stays as it is."""
        return {code: self._canonical(code, text) for code, text in values.items() if text}

    def category(self, path: Path) -> int:
        """Return the key of the category at ``path``; it is made, and those above it."""
        node: Category | None = None
        for name in path:
            node = self._child(node, name)
        if node is None:
            raise ValueError("An empty path names no category.")
        return int(node.pk)

    def _define(self, definition: Definition) -> None:
        code = definition.code
        hold(MAKING)
        found = Attribute.objects.filter(code=code).first()
        if found is None:
            found = create_attribute(
                code=code,
                name=definition.name,
                type=definition.type,
                unit=definition.unit,
                is_variant=definition.is_variant,
                position=definition.position,
            )
            self._undo.append(partial(self.attributes().pop, code))
        self.attributes()[code] = found

    def _allow(self, code: str, text: str) -> None:
        attribute = self.attributes().get(code)
        text = self._canonical(code, text)
        if attribute is None or attribute.type not in CLOSED or not text:
            return
        if code not in self._values:
            stored = AttributeValue.objects.filter(attribute=attribute)
            self._values[code] = set(stored.values_list("value", flat=True))
        if text not in self._values[code]:
            hold(MAKING)
            if not AttributeValue.objects.filter(attribute=attribute, value=text).exists():
                create_value(attribute, value=text)
                self._undo.append(partial(self._values[code].discard, text))
            self._values[code].add(text)

    def _canonical(self, code: str, text: str) -> str:
        attribute = self.attributes().get(code)
        if attribute is None or not text:
            return text
        try:
            return canonical_value(attribute.type, text)
        except ValidationError:
            return text

    def _child(self, parent: Category | None, name: str) -> Category:
        if self._categories is None:
            self._categories = {}
            for one in Category.objects.in_tree_order().only("pk", "parent_id", "name"):
                self._categories.setdefault((one.parent_id, one.name), one)
        place = (parent.pk if parent else None, name)
        if place not in self._categories:
            # The lock makes looking and making one step: no two of a name, whoever else imports.
            with tree_lock():
                found = Category.objects.filter(parent=parent, name=name).first()
                if found is None:
                    found = create_category(name=name, parent=parent)
                    self._undo.append(partial(self._categories.pop, place))
            self._categories[place] = found
        return self._categories[place]
