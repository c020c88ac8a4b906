"""What a search looks in: one text per row, its ``search_key``.

    " 77 kizil ky qizil | oq koylak | ok koylak |"

Further words come first: SKUs, barcodes, values of attributes. After a bar comes a name, in every
language that it has, folded as it is written, and again as it is heard where that differs. So a
name is what stands between two bars, a word is what stands between two blanks, and a condition
on either is one LIKE, on any database.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from shopkit.catalog.translation import all_texts
from shopkit.core.text import as_heard, search_key

BAR = "|"
# "iphone15" and "256gb" are a word and a number, to whoever writes them apart and to whoever does
# not. "s24" and "2l" are one thing, and are found as one however they are written.
_JOINED = re.compile(r"(?<!\S)(?:([a-z]{2,})([0-9]+)|([0-9]+)([a-z]{2,}))(?!\S)")

_MEASURE = re.compile(r"[a-z][0-9]+|[0-9]+[a-z]")


def words_of(text: str) -> str:
    """Return the folded words of ``text``, one blank between words, in names and in questions."""
    return _JOINED.sub(_apart, search_key(text))


def key_of(names: Iterable[str], others: Iterable[str] = ()) -> str:
    """Return the search key of a row.

    names -- what it is called, in all languages
    others -- texts with further words; their order does not matter, and a word counts once
    """
    written = [words for name in names if (words := words_of(name))]
    shown = dict.fromkeys((*written, *map(as_heard, written)))
    further: set[str] = set()
    for words in map(words_of, others):
        further |= {*words.split(), *as_heard(words).split(), *_letters_with_numbers(words)}
    for words in written:
        further.update(_letters_with_numbers(words))
    further -= {word for name in shown for word in name.split()}
    rest = "".join(f" {word}" for word in sorted(further))
    return f"{rest} {BAR}{BAR.join(f' {name} ' for name in shown)}{BAR}"


def category_key(name: str, translations: Mapping[str, Any]) -> str:
    """Return the search key of a category: its names."""
    return key_of(all_texts(name, translations))


def _apart(joined: re.Match[str]) -> str:
    return " ".join(part for part in joined.groups() if part)


def _letters_with_numbers(words: str) -> Iterator[str]:
    """Yield a number and the single letter beside it as one word, or as two where they are one."""
    for word in words.split():
        if _MEASURE.fullmatch(word):
            yield from (word[:1], word[1:]) if word[0].isalpha() else (word[:-1], word[-1:])
    for one, other in pairwise(words.split()):
        letter, number = (other, one) if one.isdigit() else (one, other)
        if number.isdigit() and len(letter) == 1 and letter.isalpha():
            yield one + other
