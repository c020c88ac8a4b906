"""English words that people would read, in places where nobody marked them for translation.

It knows the places where such words usually stand. Checks, commands and logs speak English to
developers, and so do the descriptions in the API's documents: they are left alone.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.messages.sources import ELSEWHERE, PAGES

# Files whose words are for developers.
FOR_DEVELOPERS = {
    "checks.py",
    "conf.py",
    "deploy_checks.py",
    "doctor.py",
    "redoc.html",
    "schema.py",
    "swagger.html",
    "testing.py",
}
DEVELOPERS_ROOMS = ELSEWHERE | {"management", "testing", "doctor"}
DOCUMENTED = "api"  # help_text and label of a serializer or filter are part of the API's documents

ARGUMENTS = {"verbose_name", "verbose_name_plural", "help_text", "label", "empty_value"}
MEMBERS = {"verbose_name", "verbose_name_plural", "short_description", "message", "title"}
RAISED = {"ValidationError", "PermissionDenied", "NotFound", "AuthenticationFailed", "ParseError"}
SAID = {"message_user", "success", "warning", "add_error"}
DECORATORS = {"display", "action"}

# What is no text of a template: tags, values, entities, and the blocks that are marked or code.
NO_TEXT = re.compile(
    r"{% comment.*?endcomment %}|{#.*?#}|<style.*?</style>|<script.*?</script>|<!--.*?-->"
    r"|{% blocktrans.*?endblocktrans\w* %}|{% block bodyclass.*?endblock"
    r"|{%.*?%}|{{.*?}}|<[^>]*>|&#?\w+;",
    re.S,
)
SHORTEST = re.compile(r"[^\W\d_]{3}")  # "px" and "×" are not words


def words_in(node: ast.expr | None) -> str:
    """Return the words of a plain string, or of one that is put together, else nothing."""
    if isinstance(node, ast.JoinedStr):
        return "".join(words_in(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return words_in(node.left)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if any(letter.isalpha() for letter in node.value) else ""
    return ""


def name_of(function: ast.expr) -> str:
    return getattr(function, "attr", "") or getattr(function, "id", "")


def nested(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the values of a list or dict of errors, or the one error."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from nested(value)
    elif isinstance(node, ast.List | ast.Tuple):
        for value in node.elts:
            yield from nested(value)
    else:
        yield node


def in_call(node: ast.Call, *, documented: bool) -> Iterator[ast.expr]:
    """Yield the arguments of a call that people read."""
    name = name_of(node.func)
    module = getattr(getattr(node.func, "value", None), "id", "")
    for keyword in node.keywords:
        if keyword.arg in ARGUMENTS and not documented:
            yield keyword.value
        if keyword.arg == "description" and name in DECORATORS:
            yield keyword.value
    if name in RAISED and node.args:
        yield from nested(node.args[0])
    if name in SAID:
        yield from node.args[1:2]
    if module == "models" and name.endswith("Field") and not documented:
        yield from node.args[:1]


def in_choice(node: ast.ClassDef) -> Iterator[ast.expr]:
    """Yield the labels of an enumeration of choices; one without a label is its own."""
    for line in node.body:
        if isinstance(line, ast.Assign):
            value = line.value
            yield value.elts[-1] if isinstance(value, ast.Tuple) else value


def in_class(node: ast.ClassDef) -> Iterator[ast.expr]:
    """Yield the members of a class that people read."""
    if any(name_of(base).endswith("Choices") for base in node.bases):
        yield from in_choice(node)
    for line in node.body:
        if isinstance(line, ast.Assign | ast.AnnAssign):
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            if any(name_of(target) in MEMBERS for target in targets) and line.value:
                yield line.value


def headings(node: ast.Tuple) -> Iterator[ast.expr]:
    """Yield the heading of a group of fields in the admin."""
    match node.elts:
        case [heading, ast.Dict(keys=[ast.Constant(value="fields"), *_])]:
            yield heading


def unnamed(node: ast.FunctionDef) -> bool:
    """Say whether a column or action of the admin would be named after its function."""
    for mark in node.decorator_list:
        function = mark.func if isinstance(mark, ast.Call) else mark
        if name_of(function) in DECORATORS and name_of(getattr(function, "value", mark)) == "admin":
            given = mark.keywords if isinstance(mark, ast.Call) else []
            return "description" not in {keyword.arg for keyword in given}
    return False


def in_source(source: str, *, documented: bool = False) -> Iterator[tuple[int, str]]:
    """Yield (line, words) of what should be marked and is not.

    documented -- this module describes the API in English
    """
    for node in ast.walk(ast.parse(source)):
        found: list[ast.expr] = []
        match node:
            case ast.Call():
                found = list(in_call(node, documented=documented))
            case ast.ClassDef():
                found = list(in_class(node))
            case ast.Tuple():
                found = list(headings(node))
            case ast.FunctionDef() if unnamed(node):
                yield node.lineno, node.name
        for expression in found:
            if words := words_in(expression):
                yield expression.lineno, words


def in_page(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, words) of a template that should be marked and are not."""
    bare = NO_TEXT.sub(lambda found: "\n" * found[0].count("\n") + "\0", source)
    for number, line in enumerate(bare.split("\n"), start=1):
        for piece in line.split("\0"):
            if SHORTEST.search(piece):
                yield number, piece.strip()


def unmarked_in(home: Path) -> list[str]:
    """Return what an app forgot to mark, a line each."""
    found = []
    for path in sorted(path for path in home.rglob("*") if path.suffix in PAGES | {".py"}):
        parts = path.relative_to(home).parts
        if path.name in FOR_DEVELOPERS or DEVELOPERS_ROOMS & set(parts):
            continue
        source = path.read_text(encoding="utf-8")
        is_page = path.suffix in PAGES
        lines = in_page(source) if is_page else in_source(source, documented=DOCUMENTED in parts)
        place = path.relative_to(home.parent).as_posix()
        found += [f"{place}:{line}: {words!r} is not marked" for line, words in sorted(lines)]
    return found
