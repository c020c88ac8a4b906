"""In which language somebody reads what the shop itself has written."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

from .conf import core_settings
from .languages import primary_of

# Where the text stands that every row has, the one in the shop's main language.
MAIN = ""


def reading_language(language: str | None = None) -> tuple[str, ...]:
    """Return the languages in which a reader is shown a text, the first that has it winning.

    ``MAIN`` stands for the shop's main language, ``settings.LANGUAGE_CODE``; it is always there,
    and what comes after it is for the texts that the main language need not have either. "pt-br"
    is followed by "pt". Which other languages come between is LANGUAGE_FALLBACKS of
    ``SHOPKIT["CORE"]``.

    language -- of the reader; None for the active one
    """
    code = (language if language is not None else get_language()) or settings.LANGUAGE_CODE
    fallbacks = core_settings().LANGUAGE_FALLBACKS
    others = fallbacks.get(code) or fallbacks.get(primary_of(code)) or ()
    return _languages(code, tuple(others), settings.LANGUAGE_CODE)


@lru_cache(maxsize=1000)
def _languages(code: str, others: tuple[str, ...], main: str) -> tuple[str, ...]:
    found: list[str] = []
    for one in (code, *others, main):
        for each in (one, primary_of(one)):
            found += [MAIN] if each == main else [each]
        if primary_of(one) == primary_of(main):
            found.append(MAIN)
    return tuple(dict.fromkeys(found))
