"""Directives that write reference pages from the code, so that they cannot be out of date.

shopkit-settings -- every section of the ``SHOPKIT`` dict: setting, default, meaning
shopkit-endpoints -- every operation of reference/openapi.yaml, and the file itself to download
"""

import dataclasses
import importlib
import pkgutil
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

ENTRY = re.compile(r"^(?P<names>[A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)*) -- (?P<meaning>.+)$")


def sections() -> dict[str, Any]:
    """Return all sections of all apps, by name."""
    package = importlib.import_module("shopkit")
    for module in pkgutil.iter_modules(package.__path__):
        name = f"shopkit.{module.name}.conf"
        if module.ispkg and importlib.util.find_spec(name):
            importlib.import_module(name)
    return dict(sorted(importlib.import_module("shopkit.core.conf").SECTIONS.items()))


def read_docstring(schema: type) -> tuple[str, dict[str, str]]:
    """Return what a section's docstring says first, and {setting: meaning}."""
    head: list[str] = []
    meanings: dict[str, str] = {}
    current: list[str] = []
    for line in (schema.__doc__ or "").strip().splitlines():
        text = line.strip()
        if entry := ENTRY.match(text):
            current = entry["names"].split(", ")
            meanings |= dict.fromkeys(current, entry["meaning"])
        elif not text:
            current = []
        elif current:
            meanings |= {name: f"{meanings[name]} {text}" for name in current}
        else:
            head.append(text)
    return " ".join(head), meanings


def shown_default(field: dataclasses.Field[Any]) -> str | None:
    """Return the default as Python source, or None for a setting that must be given."""
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    elif field.default is not dataclasses.MISSING:
        value = field.default
    else:
        return None
    return shown(value)


def shown(value: Any) -> str:
    if isinstance(value, timedelta):
        return shown_duration(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:_}" if abs(value) >= 10_000 else str(value)
    return repr(value)


def shown_duration(value: timedelta) -> str:
    seconds = value.total_seconds()
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds and seconds % length == 0:
            return f"timedelta({unit}={seconds / length:.0f})"
    return f"timedelta(seconds={seconds:g})"


class Settings(SphinxDirective):
    """All settings, one section of the page for each section of the dict."""

    def run(self) -> list[nodes.Node]:
        return [self.section(name, found.schema) for name, found in sections().items()]

    def section(self, name: str, schema: type) -> nodes.section:
        head, meanings = read_docstring(schema)
        room = nodes.section(ids=[f"settings-{name.lower()}"], names=[name.lower()])
        room += nodes.title("", "", nodes.literal(text=name))
        if head:
            room += self.paragraph(head)
        entries = nodes.definition_list()
        for field in dataclasses.fields(schema):
            entries += self.entry(name, field, meanings.get(field.name))
        room += entries
        return room

    def entry(
        self, section: str, field: dataclasses.Field[Any], meaning: str | None
    ) -> nodes.definition_list_item:
        if meaning is None:
            logger.warning("SHOPKIT[%r] does not say what %s means.", section, field.name)
        default = shown_default(field)
        term = nodes.term("", "", nodes.literal(text=field.name))
        term += nodes.Text(" = " if default is not None else " (must be given)")
        if default is not None:
            term += nodes.literal(text=default)
        return nodes.definition_list_item(
            "", term, nodes.definition("", self.paragraph(sentence(meaning or "")))
        )

    def paragraph(self, text: str) -> nodes.paragraph:
        inline, problems = self.state.inline_text(text, self.lineno)
        return nodes.paragraph("", "", *inline, *problems)


def sentence(text: str) -> str:
    """Return ``text`` with a capital and a full stop."""
    text = text if text.endswith((".", "?", "!")) else f"{text}."
    return text[:1].upper() + text[1:]


class Endpoints(SphinxDirective):
    """All operations of the committed OpenAPI file, grouped by tag."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "reference" / "openapi.yaml"
        self.env.note_dependency(str(path))
        if not path.exists():
            return [nodes.paragraph(text="The OpenAPI file has not been generated yet.")]
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups: dict[str, list[tuple[str, str, str]]] = {}
        for url, item in document["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "responses" in operation:
                    tag = (operation.get("tags") or ["other"])[0]
                    said = operation.get("summary") or operation.get("description") or ""
                    first = said.strip().splitlines()[0] if said.strip() else ""
                    groups.setdefault(tag, []).append((method.upper(), url, first))
        return [self.group(tag, rows) for tag, rows in sorted(groups.items())]

    def group(self, tag: str, rows: list[tuple[str, str, str]]) -> nodes.section:
        room = nodes.section(ids=[f"endpoints-{nodes.make_id(tag)}"], names=[tag])
        room += nodes.title(text=tag.replace("-", " ").capitalize())
        entries = nodes.bullet_list()
        for method, url, said in rows:
            line = nodes.paragraph("", "", nodes.literal(text=f"{method} {url}"))
            if said:
                line += nodes.Text(f": {said}")
            entries += nodes.list_item("", line)
        room += entries
        return room


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("shopkit-settings", Settings)
    app.add_directive("shopkit-endpoints", Endpoints)
    return {"version": "1", "parallel_read_safe": True}
