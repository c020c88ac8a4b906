"""Texts of the catalogue in the reader's language.

A row's ``translations`` are {language code: {member: text}}; the column itself holds the text
of the shop's main language (``settings.LANGUAGE_CODE``). A reader is shown the first text there is
along ``shopkit.core.reading.reading_language``.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import global_settings, settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.core.conf import LANGUAGE_CODE
from shopkit.core.reading import MAIN, reading_language
from shopkit.core.text import is_storable

MOST_LANGUAGES = 20
LONGEST = {"name": 200, "description": 20_000, "value": 200, "alt": 200}

__all__ = [
    "TranslationChanges",
    "all_texts",
    "in_language",
    "main_language",
    "merged",
    "other_languages",
    "reading_language",
    "translated",
    "validate_translations",
]


class TranslationChanges(dict[str, Any]):
    """Translations to be laid over those there are, rather than to replace them.

    {language: {member: text}}; null or "" in the place of a text takes that text away, null in the
    place of a language all of its texts.
    """


def other_languages() -> list[tuple[str, str]]:
    """Return code and name of the languages in LANGUAGES that texts are translated into.

    None for a site that does not set LANGUAGES: Django's own list has all there are.
    """
    if settings.LANGUAGES == global_settings.LANGUAGES:
        return []
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != main_language()]


def main_language() -> str:
    """Return the language of the columns themselves, as LANGUAGES spells it.

    Django's default of LANGUAGE_CODE is "en-us", of which LANGUAGES knows "en".
    """
    codes = [code for code, _name in settings.LANGUAGES]
    main = settings.LANGUAGE_CODE
    return main if main in codes else main.partition("-")[0]


def translated(text: str, translations: Mapping[str, Any], member: str = "name") -> str:
    """Return ``text`` in the active language, or in the next that there is a translation for."""
    return in_language(reading_language(), text, translations, member) if translations else text


def in_language(
    codes: Iterable[str], text: str, translations: Mapping[str, Any], member: str = "name"
) -> str:
    """Return ``text`` in the first of ``codes`` that it is there in, or as it is.

    codes -- ``reading_language()``; who shows many texts asks for them once
    """
    if translations:
        for code in codes:
            if code == MAIN:
                if text:
                    return text
                continue
            found = translations.get(code)
            if found and found.get(member):
                return str(found[member])
    return text


def all_texts(text: str, translations: Mapping[str, Any], member: str = "name") -> list[str]:
    """Return ``text`` and its translations, for a search in any language.

    In the order of the languages' codes: PostgreSQL gives JSON back in an order of its own.
    """
    given = (translations[code] for code in sorted(translations))
    found = (one.get(member) for one in given if isinstance(one, Mapping))
    return [text, *(str(one) for one in found if one)]


def merged(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``stored`` with ``changes`` laid over it; see ``TranslationChanges``.

    What is no translation at all stays in the result, for ``validate_translations`` to refuse.
    """
    laid = {
        language: _written({**(stored.get(language) or {}), **texts})
        if isinstance(texts, Mapping)
        else texts
        for language, texts in changes.items()
    }
    found = {**stored, **laid}
    return {language: texts for language, texts in found.items() if texts not in (None, {})}


def _written(texts: Mapping[str, Any]) -> dict[str, Any]:
    return {member: text for member, text in texts.items() if text not in (None, "")}


def validate_translations(value: Any, *, members: Collection[str]) -> None:
    """Refuse what is not {language: {member: text}} with known members and bounded texts.

    Raises ValidationError of the field ``translations``: invalid_translations.
    """
    if not isinstance(value, Mapping) or len(value) > MOST_LANGUAGES:
        raise _invalid(_("Translations are an object of at most 20 languages."))
    for language, texts in value.items():
        if not (isinstance(language, str) and LANGUAGE_CODE.fullmatch(language)):
            raise _invalid(_("A language is a lower-case code such as “uz” or “pt-br”."))
        if not isinstance(texts, Mapping) or not all(
            _is_text(member, text, members) for member, text in texts.items()
        ):
            raise _invalid(_("A translation holds texts for: %s.") % ", ".join(sorted(members)))
        for member, text in texts.items():
            if len(text) > LONGEST[member]:
                told = {"member": member, "most": LONGEST[member]}
                raise _invalid(_("“%(member)s” has at most %(most)d characters.") % told)


def _is_text(member: Any, text: Any, members: Collection[str]) -> bool:
    return member in members and isinstance(text, str) and is_storable(text)


def _invalid(message: str) -> ValidationError:
    return ValidationError({"translations": ValidationError(message, code="invalid_translations")})
