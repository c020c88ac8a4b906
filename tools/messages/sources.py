"""Which texts an app marks for translation, in its modules and templates."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django.conf
from django.utils.translation.template import templatize

# Where the arguments of each marking function stand: context, text, plural.
PLACES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
MARKS = {name + end: at for name, at in PLACES.items() for end in ("", "_lazy", "_noop")}
HOME = "django.utils.translation"
ELSEWHERE = {"migrations", "__pycache__", "node_modules"}
PAGES = {".html", ".txt"}

STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({STRING}(?:\s*,\s*{STRING})*)")


@dataclass(frozen=True, order=True)
class Text:
    """One thing to translate.

    context -- tells equal words apart, or ""
    plural -- the form for several, or ""
    """

    context: str
    text: str
    plural: str = ""

    def __str__(self) -> str:
        return f"{self.context}: {self.text!r}" if self.context else repr(self.text)


@dataclass(frozen=True)
class Unreadable(Exception):
    """A text that is put together as the program runs, which no catalogue can hold."""

    place: str

    def __str__(self) -> str:
        return f"{self.place}: only a plain string can be translated"


def names_in(tree: ast.Module) -> dict[str, str]:
    """Return {name used in this module: marking function} as its imports say."""
    imports = (
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == HOME
    )
    return {
        name.asname or name.name: name.name
        for node in imports
        for name in node.names
        if name.name in MARKS
    }


def is_made_up(node: ast.expr) -> bool:
    """Say whether ``node`` builds a text; a mere name passes, its text is marked elsewhere."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def text_of(function: str, arguments: list[ast.expr], place: str) -> Text | None:
    """Return what a marking call says, None when it only looks a text up.

    Raises Unreadable.
    """
    at = [position for position in MARKS[function] if position is not None]
    said = [arguments[position] for position in at if position < len(arguments)]
    if any(is_made_up(one) for one in said):
        raise Unreadable(place)
    values = [one.value for one in said if isinstance(one, ast.Constant)]
    words = [value for value in values if isinstance(value, str)]
    if len(words) < len(at):
        return None
    if MARKS[function][0] is None:
        words.insert(0, "")
    return Text(*words)


def in_module(source: str, place: str = "") -> Iterator[Text]:
    """Yield what a module marks. Raises Unreadable."""
    tree = ast.parse(source)
    names = names_in(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = ""
        if isinstance(node.func, ast.Name):
            function = names.get(node.func.id, "")
        elif isinstance(node.func, ast.Attribute) and node.func.attr in MARKS:
            function = node.func.attr
        if function and (text := text_of(function, node.args, f"{place}:{node.lineno}")):
            yield text


def in_template(source: str) -> Iterator[Text]:
    """Yield what a template marks. Needs configured settings, as Django's own reader does."""
    for function, arguments in CALL.findall(templatize(source)):
        words = [ast.literal_eval(word) for word in re.findall(STRING, arguments)]
        yield Text(*words) if "p" in function else Text("", *words)


def files_of(home: Path) -> Iterable[Path]:
    return sorted(
        path
        for path in home.rglob("*")
        if path.suffix in PAGES | {".py"} and not ELSEWHERE & set(path.parts)
    )


def texts_of(home: Path) -> dict[Text, list[str]]:
    """Return what the app in ``home`` says, each with the files where it is said, in order.

    Raises Unreadable.
    """
    if not django.conf.settings.configured:
        django.conf.settings.configure()
    found: dict[Text, list[str]] = {}
    for path in files_of(home):
        place = path.relative_to(home.parent).as_posix()
        source = path.read_text(encoding="utf-8")
        said = in_module(source, place) if path.suffix == ".py" else in_template(source)
        for text in said:
            places = found.setdefault(text, [])
            if place not in places:
                places.append(place)
    for text in [one for one in found if one.plural]:  # gettext keeps one entry for both
        found[text] += found.pop(Text(text.context, text.text), [])
    return dict(sorted(found.items(), key=lambda item: (item[1][0], item[0])))
