"""Folding text for comparison: search keys and slugs that work in Latin and in Cyrillic."""

import re
import unicodedata
from collections.abc import Callable

from django.utils.crypto import get_random_string
from django.utils.text import slugify

# Uzbek and Karakalpak write the same words in Latin and in Cyrillic; Russian is folded along.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "o", "қ": "q",
    "ғ": "g", "ҳ": "h", "ә": "a", "ң": "n", "ө": "o", "ү": "u", "і": "i",
}  # fmt: skip
_FOLD = str.maketrans({**_CYRILLIC, "ı": "i", **dict.fromkeys("'`´ʻʼ‘’ˈ")})


def fold(text: str) -> str:
    """Return ``text`` without case, accents, apostrophes and script.

    "Oʻzbek", "o'zbek" and "ўзбек" all fold to "ozbek".
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_FOLD)
    marked = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def is_storable(text: str) -> bool:
    """Say whether every database takes ``text`` and every reader of JSON gives it back.

    NUL and half of a surrogate pair can be written as escapes in JSON, and are no characters.
    """
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


def search_key(*texts: str) -> str:
    """Return what a search looks in: the folded words of ``texts``, one blank between words."""
    return " ".join(re.findall(r"[^\W_]+", fold(" ".join(texts))))


def make_slug(text: str, *, is_taken: Callable[[str], bool], max_length: int = 120) -> str:
    """Return a free slug for ``text``: never empty, never all digits.

    is_taken -- says whether a slug is in use; a taken one gets a short random ending, so that two
        writers at once do not count up in step
    """
    stem = slugify(fold(text))[: max_length - 11].strip("-_")
    if not stem or stem.isdigit():
        stem = f"n-{stem}" if stem else "n"
    slug = stem
    while is_taken(slug) or slug == "n":
        slug = f"{stem}-{get_random_string(8, 'abcdefghjkmnpqrstvwxyz23456789')}"
    return slug
