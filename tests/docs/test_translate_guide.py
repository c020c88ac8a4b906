"""The guide to translating: what it says about marks, files and languages is so."""

import re

import pytest
from babel.messages.pofile import read_po

from tools.messages import LANGUAGES, ROOT, homes
from tools.messages.catalogues import messages_of, path_of, read
from tools.messages.sources import Text, Unreadable, in_module

PAGE = (ROOT / "docs" / "how-to" / "translate-the-package.md").read_text()
MARKED, WRONG = re.findall(r"^   ```python\n(.*?)^   ```", PAGE, re.M | re.S)
ENTRY = re.search(r"^   ```po\n(.*?)^   ```", PAGE, re.M | re.S)[1]


def plain(block):
    return "\n".join(line.removeprefix("   ") for line in block.splitlines())


def test_the_marks_of_the_page_are_texts_of_the_house():
    said = {text for home in homes() for text in messages_of(read(path_of(home, "ru")))}
    marked = set(in_module(plain(MARKED)))

    assert len(marked) == 3
    assert marked <= said


def test_what_the_page_calls_wrong_is_refused():
    imports = plain(MARKED).splitlines()[0]

    with pytest.raises(Unreadable):
        list(in_module(f"{imports}\n{plain(WRONG)}"))


def test_the_entry_of_the_page_stands_in_the_catalogue(tmp_path):
    (tmp_path / "page.po").write_text(plain(ENTRY))
    text = Text("", "The cart is empty.")
    with (tmp_path / "page.po").open("rb") as file:
        shown = messages_of(read_po(file))[text].string
    app = next(home for home in homes() if home.name == "orders")

    assert messages_of(read(path_of(app, "uz")))[text].string == shown


def test_languages_files_and_the_command_are_there():
    assert all(f"`{language}`" in PAGE for language in LANGUAGES)
    assert re.search(r"^messages: ", (ROOT / "Makefile").read_text(), re.M)
    for name in re.findall(r"`((?:tools|tests|[a-z]+)/[a-z_/]+(?:\.\w+)?)`", PAGE):
        places = [ROOT / name, ROOT / "src" / "shopkit" / name]
        assert any(place.exists() for place in places), name
