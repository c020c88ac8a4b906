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
_FOLD = str.maketrans({**_CYRILLIC, "ı": "i", "ş": "sh", "ç": "ch"})
# Every sign that people type for the one in oʻ and gʻ, and what nobody sees in a word. Some of the
# signs would come apart under NFKC, so they go before it, and what NFKC makes of others after it.
_APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u2018\u2019\u201b\u2032\u2035\ua78c\uff07"
)
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_DROPPED = str.maketrans(dict.fromkeys(_APOSTROPHES + _UNSEEN))
# What a letter means depends on its neighbours: Karakalpak ў beside a vowel is a consonant (суў is
# suw, Uzbek бўш is bosh), and ь before о says that a y is heard (бульон is bulyon).
_VOWELS = "аеёиоуыэюяәөүі"
_BESIDE = (
    (re.compile(f"(?<=[{_VOWELS}])ў|ў(?=[{_VOWELS}])"), "w"),
    (re.compile("ь(?=о)"), "y"),
)
# Spellings of one sound: in Uzbek and Karakalpak, of Russian words, on keyboards that lack a
# letter, and in brands. "ch" stays, and letters written twice are heard once.
_SOUNDS = {
    "shch": "sh", "sch": "sh", "zh": "j", "dj": "j", "kh": "h", "ph": "f", "ts": "s", "ck": "k",
    "yo": "e", "ye": "e", "x": "h", "q": "k", "w": "v",
}  # fmt: skip
_SPELLINGS = re.compile("|".join((*_SOUNDS, "c(?=[eiy])", "c(?!h)")))
_SPOKEN = re.compile(r"(?<!\S)[^\W\d_]+(?!\S)")
_TWICE = re.compile(r"([a-z])\1+")


def fold(text: str) -> str:
    """Return ``text`` without case, accents, apostrophes and script.

    "Oʻzbek", "o'zbek" and "ўзбек" all fold to "ozbek".
    """
    plain = unicodedata.normalize("NFKC", text.translate(_DROPPED)).casefold()
    for letter, latin in _BESIDE:
        plain = letter.sub(latin, plain)
    marked = unicodedata.normalize("NFKD", plain.translate(_DROPPED).translate(_FOLD))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def as_heard(folded: str) -> str:
    """Return folded text as it is heard, alike for traditions that spell one sound differently.

    "yolka" and "elka", "xolodilnik" and "holodilnik", "qizil" and "kizil", "coca" and "koka"
    become the same. A word with a digit in it is a code, which is read and not heard.
    """
    return _SPOKEN.sub(lambda word: _TWICE.sub(r"\1", _SPELLINGS.sub(_sound, word[0])), folded)


def _sound(spelling: re.Match[str]) -> str:
    found = spelling.group()
    if found != "c":
        return _SOUNDS[found]
    return "s" if spelling.string[spelling.end() :][:1] in {"e", "i", "y"} else "k"


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
