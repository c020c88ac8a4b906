"""The .po and .mo files, read and written the same way each time.

They hold no dates and no numbers of lines, so that a change of one text is a change of one text.
"""

import io
import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.messages import LANGUAGES
from tools.messages.sources import Text

Sources = dict[Text, list[str]]
Messages = dict[Text, Message]

FORMATTED = re.compile(r"%\(\w+\)[a-z]|%[a-z]")


class Catalogue(Catalog):
    """Babel's catalogue with a header that never changes by itself."""

    def __init__(self, language: str) -> None:
        super().__init__(header_comment="", fuzzy=False)
        self.language = language

    @property
    def num_plurals(self) -> int:
        return int(LANGUAGES[self.language][len("nplurals=")])

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", self.language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", LANGUAGES[self.language]),
        ]


def path_of(home: Path, language: str) -> Path:
    """Return the .po file of an app in a language; the .mo file lies beside it."""
    return home / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """Return the catalogue in a .po file, an empty one if there is none."""
    if not path.exists():
        return Catalog(fuzzy=False)
    with path.open("rb") as file:
        return read_po(file)


def messages_of(catalogue: Iterable[Message]) -> Messages:
    """Return the entries of a catalogue without its header."""
    found = {}
    for message in catalogue:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            found[Text(message.context or "", *ids)] = message
    return found


def known_in(homes: Iterable[Path], language: str) -> Messages:
    """Return what the apps say in a language already."""
    found: Messages = {}
    for home in homes:
        messages = messages_of(read(path_of(home, language)))
        said = {text: one for text, one in messages.items() if is_said(one) and not one.fuzzy}
        found = said | found
    return found


def updated(
    old: Catalog, sources: Sources, language: str, known: Messages | None = None
) -> Catalogue:
    """Return a catalogue of exactly ``sources``, with the translations that ``old`` has.

    A text without words gets those of ``known``, if they are there. Words that are a guess (fuzzy)
    are not taken over.
    """
    own = messages_of(old)
    fresh = Catalogue(language)
    for text, places in sources.items():
        message = own.get(text)
        comments = message.user_comments if message else ()
        if message is None or message.fuzzy or is_empty(message):
            message = (known or {}).get(text)
        fresh.add(
            (text.text, text.plural) if text.plural else text.text,
            string=message.string if message else None,
            locations=[(place, 0) for place in places],
            user_comments=comments,
            context=text.context or None,
        ).flags = {"python-format"} if FORMATTED.search(text.text) else set()
    return fresh


def written(catalogue: Catalogue) -> bytes:
    """Return the catalogue as a .po file."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0)
    return file.getvalue().strip() + b"\n"


def compiled(catalogue: Catalogue) -> bytes:
    """Return the catalogue as a .mo file; a text that lacks words in some form is left out."""
    said = Catalogue(catalogue.language)
    for message in catalogue:
        if message.id and is_said(message):
            said[message.id] = message
    file = io.BytesIO()
    write_mo(file, said)
    return file.getvalue()


def update(home: Path, sources: Sources, language: str, known: Messages | None = None) -> int:
    """Bring both files of an app in a language up to date; return how many texts lack words.

    known -- words for new texts, from other apps

    An app that says nothing keeps no files.
    """
    path = path_of(home, language)
    if not sources:
        path.unlink(missing_ok=True)
        path.with_suffix(".mo").unlink(missing_ok=True)
        return 0
    fresh = updated(read(path), sources, language, known)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(fresh))
    path.with_suffix(".mo").write_bytes(compiled(fresh))
    return sum(not is_said(message) for message in messages_of(fresh).values())


def forms_of(message: Message) -> list[str]:
    """Return the words of a message, a form each."""
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return [form or "" for form in forms]


def is_said(message: Message) -> bool:
    """Say whether a message has words in all its forms."""
    return all(forms_of(message))


def is_empty(message: Message) -> bool:
    """Say whether a message has no words at all."""
    return not any(forms_of(message))
