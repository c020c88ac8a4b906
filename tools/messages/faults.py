"""What is wrong with the catalogues, said one by one."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Message

from tools.messages import LANGUAGES
from tools.messages.borrowed import wanted_in
from tools.messages.catalogues import (
    Catalogue,
    compiled,
    forms_of,
    is_empty,
    is_said,
    messages_of,
    path_of,
    read,
    updated,
    written,
)
from tools.messages.sources import Text, texts_of

NAMED = re.compile(r"%\(\w+\)[a-z]|\{\w*(?::\w+)?\}|</?\w+[^>]*>|%%")
IN_ORDER = re.compile(r"%[a-z]")
ENDS = ".!?:;…"
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
WORD = re.compile(r"[^\W\d_]+")
# Uzbek has a letter of its own (oʻ, gʻ) and a stop (aʼlo); other marks only look alike.
LOOKALIKES = re.compile(r"(?<=[^\W\d_])['‘’`´](?=[^\W\d_])")
PLAIN = "SMS"  # a context with this word is for phones: plain ASCII only


def holes(text: str) -> tuple[list[str], list[str]]:
    """Return what is to be filled in: by name in any order, and by position in this order."""
    return sorted(NAMED.findall(text)), IN_ORDER.findall(NAMED.sub("", text))


def edges(text: str) -> tuple[str, str, str]:
    """Return what a translation must begin and end with like the original."""
    bare = text.strip()
    last = bare[-1:] if bare[-1:] in ENDS else ""
    return text[: len(text) - len(text.lstrip())], last, text[len(text.rstrip()) :]


def form_faults(text: Text, form: str, language: str) -> Iterator[str]:
    """Yield what is wrong with the words of one form."""
    originals = [one for one in (text.text, text.plural) if one]
    if holes(form) not in [holes(one) for one in originals]:
        yield "has other places to fill"
    if edges(form) not in [edges(one) for one in originals]:
        yield "begins or ends in another way (blanks, line ends, full stop)"
    if PLAIN in text.context:
        if not form.isascii():
            yield "is for text messages and not plain ASCII"
        return
    if any(CYRILLIC.search(word) and LATIN.search(word) for word in WORD.findall(form)):
        yield "mixes Latin and Cyrillic letters in a word"
    if language == "uz" and LOOKALIKES.search(form):
        yield "writes an apostrophe other than ʻ (U+02BB) or ʼ (U+02BC)"


def message_faults(text: Text, message: Message, language: str) -> Iterator[str]:
    """Yield what is wrong with one entry."""
    count = Catalogue(language).num_plurals if text.plural else 1
    forms = forms_of(message)
    if message.fuzzy:
        yield "is a guess (fuzzy)"
    if is_empty(message):
        yield "has no words"
    elif not is_said(message) or len(forms) != count:
        yield f"needs {count} plural forms"
    else:
        for form in forms:
            yield from form_faults(text, form, language)


def catalogue_faults(home: Path, language: str, wanted: dict[Text, list[str]]) -> Iterator[str]:
    """Yield what is wrong with one catalogue, compared with the texts it has to hold."""
    path = path_of(home, language)
    old = read(path)
    known = messages_of(old)
    for text in wanted:
        if text not in known:
            yield f"{text} is missing"
    for text, message in known.items():
        if text not in wanted:
            yield f"{text} is said nowhere any more"
        else:
            yield from (f"{text} {fault}" for fault in message_faults(text, message, language))
    for message in old.obsolete.values():
        yield f"{message.id!r} is commented out (#~); git remembers it"
    yield from file_faults(path, updated(old, wanted, language))


def file_faults(path: Path, fresh: Catalogue) -> Iterator[str]:
    """Yield which of the two files is not what the tool would write."""
    for file, content in ((path, written(fresh)), (path.with_suffix(".mo"), compiled(fresh))):
        if not file.exists():
            yield f"{file.name} is not there"
        elif file.read_bytes() != content:
            yield f"{file.name} is stale"


def quarrels(said: dict[str, dict[Text, Message]], language: str) -> Iterator[str]:
    """Yield the texts that two apps of a site would translate differently.

    Django merges their catalogues, so one would win.
    """
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for home, messages in said.items():
        for text, message in messages.items():
            if not is_said(message):
                continue
            words = forms_of(message)[0]
            other, known = first.setdefault((text.context, text.text), (home, words))
            if known != words:
                yield (
                    f"{home}, {language}: {text} is {words!r} here and {known!r} in {other};"
                    " use pgettext where they mean different things"
                )


def faults_in(homes: Iterable[Path]) -> list[str]:
    """Return what is wrong with the catalogues of these apps, a line each.

    Raises Unreadable for a text no catalogue can hold.
    """
    found = []
    sources = {home: texts_of(home) for home in homes}
    for language in LANGUAGES:
        for home, texts in sources.items():
            wanted = texts | wanted_in(home, language)
            if wanted:
                faults = catalogue_faults(home, language, wanted)
                found += [f"{home.name}, {language}: {fault}" for fault in faults]
        said = {home.name: messages_of(read(path_of(home, language))) for home in sources}
        found += quarrels(said, language)
    if found:
        found.append("'make messages' brings the files up to date; the words are yours to write.")
    return found
