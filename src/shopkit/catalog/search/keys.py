"""What a search looks in: one text per row, its ``search_key``.

    " ky 77 ky77 qizil | koylak oq | kuylak ok |"

Further words come first: SKUs, barcodes, values of attributes. After a bar comes a name, in every
language that it has, folded as it is written, and again as it is heard where that differs. So a
name is what stands between two bars, a word is what stands between two blanks, and a condition
on either is one LIKE, on any database.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from shopkit.catalog.translation import all_texts
from shopkit.core.text import as_heard, search_key

BAR = "|"
# "iphone15" and "256gb" are a word and a number to whoever writes them apart.
_GLUED = re.compile(r"[a-z]+(?=[0-9]+$)|[0-9]+(?=[a-z]+$)")


def key_of(names: Iterable[str], others: Iterable[str] = ()) -> str:
    """Return the search key of a row.

    names -- what it is called, in all languages
    others -- texts with further words; their order does not matter, and a word counts once
    """
    written = [words for name in names if (words := search_key(name))]
    heard = [as_heard(words) for words in written]
    shown = dict.fromkeys((*written, *heard))
    further = _glued(written)
    for text in others:
        words = search_key(text)
        further |= {*words.split(), *as_heard(words).split(), *_glued([words])}
    further -= {word for name in shown for word in name.split()}
    rest = "".join(f" {word}" for word in sorted(further))
    return f"{rest} {BAR}{BAR.join(f' {name} ' for name in shown)}{BAR}"


def category_key(name: str, translations: Mapping[str, Any]) -> str:
    """Return the search key of a category: its names."""
    return key_of(all_texts(name, translations))


def _glued(texts: Iterable[str]) -> set[str]:
    """Return numbers and their neighbours as one word where they are two, and the other way."""
    found: set[str] = set()
    for text in texts:
        words = text.split()
        for word in words:
            if head := _GLUED.match(word):
                found |= {head.group(), word[head.end() :]}
        found.update(
            one + other for one, other in pairwise(words) if _is_number(one) != _is_number(other)
        )
    return {word for word in found if len(word) > 1}


def _is_number(word: str) -> bool:
    return word.isdigit()
