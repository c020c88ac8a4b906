"""Texts of cells: made safe for spreadsheets, and plain where a file has HTML."""

import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"; the wide signs
# are those of East Asian keyboards), behind apostrophes it may hide in.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_SHIELDED = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_BLOCKS = frozenset(
    "address article blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li ol p "
    "pre section table td th tr ul".split()
)
_UNSEEN = frozenset({"script", "style", "template", "title"})


def shield(text: str) -> str:
    """Return ``text`` so that no spreadsheet runs it: an apostrophe stands before a formula.

    Plain numbers stay as they are. ``unshield`` undoes it exactly.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unshield(text: str) -> str:
    """Return what ``shield`` was given."""
    return text[1:] if _SHIELDED.match(text) else text


def join_path(names: Iterable[str]) -> str:
    """Return a category path: "Clothing > Shirts"."""
    return " > ".join(_escape(name) for name in names)


def split_path(text: str) -> tuple[str, ...]:
    """Return the names of a category path, blanks around them left out."""
    return tuple(name for part in _split(text, ">") if (name := _unescape(part.strip())))


def join_paths(paths: Iterable[tuple[str, ...]]) -> str:
    """Return several paths in one cell: "Clothing > Shirts; Sale"."""
    return "; ".join(map(join_path, paths))


def split_paths(text: str) -> list[tuple[str, ...]]:
    """Return the paths in a cell."""
    return [path for part in _split(text, ";") if (path := split_path(part))]


def join_parts(parts: Iterable[str]) -> str:
    """Return texts joined by colons, as in the header of an attribute's column."""
    return ":".join(re.sub(r"[\\:]", lambda found: f"\\{found[0]}", part) for part in parts)


def split_parts(text: str) -> list[str]:
    """Return the texts that ``join_parts`` was given, but empty ones at the end."""
    found = [_unescape(part) for part in re.findall(r"((?:\\.|[^\\:])*)(?::|$)", text)]
    while found and not found[-1]:
        found.pop()
    return found


def plain_text(html: str) -> str:
    """Return the text of a piece of HTML: no tags, no scripts, one blank line at most."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def html_of(text: str) -> str:
    """Return ``text`` as HTML that ``plain_text`` reads back."""
    return "<br>".join(escape(text, quote=False).splitlines())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        # HTML knows no self-closing tags: "<br/>" is "<br>".
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def _escape(name: str) -> str:
    return re.sub(r"[\\>;]", lambda found: f"\\{found[0]}", name)


def _unescape(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)


def _split(text: str, mark: str) -> list[str]:
    return re.findall(rf"(?:\\.|[^\\{mark}])+", text)
