"""Texts of the catalogue in the reader's language.

A row's ``translations`` are {language code: {member: text}}; the column itself holds the text
of the shop's main language and is what is shown where a translation is missing.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shopkit.core.text import is_storable

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
MOST_LANGUAGES = 20
LONGEST = {"name": 200, "description": 20_000, "value": 200, "alt": 200}


def translated(text: str, translations: Mapping[str, Any], member: str = "name") -> str:
    """Return ``text`` in the active language, or as it is: "pt-br" falls back to "pt"."""
    return in_language(reading_language(), text, translations, member) if translations else text


def reading_language() -> tuple[str, ...]:
    """Return the codes under which a translation for the active language may stand."""
    language = get_language() or ""
    return tuple(dict.fromkeys((language, language.partition("-")[0])))


def in_language(
    codes: Collection[str], text: str, translations: Mapping[str, Any], member: str = "name"
) -> str:
    """Return ``text`` in the first of ``codes`` that there is a translation for, or as it is."""
    if translations:
        for code in codes:
            found = translations.get(code)
            if found and found.get(member):
                return str(found[member])
    return text


def all_texts(text: str, translations: Mapping[str, Any], member: str = "name") -> list[str]:
    """Return ``text`` and its translations, for a search in any language."""
    found = (one.get(member) for one in translations.values() if isinstance(one, Mapping))
    return [text, *(str(one) for one in found if one)]


def validate_translations(value: Any, *, members: Collection[str]) -> None:
    """Refuse what is not {language: {member: text}} with known members and bounded texts.

    Raises ValidationError of the field ``translations``: invalid_translations.
    """
    if not isinstance(value, Mapping) or len(value) > MOST_LANGUAGES:
        raise _invalid(_("Translations are an object of at most 20 languages."))
    for language, texts in value.items():
        if not (isinstance(language, str) and LANGUAGE.fullmatch(language)):
            raise _invalid(_("A language is a lower-case code such as “uz” or “pt-br”."))
        if not isinstance(texts, Mapping) or not all(
            _is_text(member, text, members) for member, text in texts.items()
        ):
            raise _invalid(_("A translation holds texts for: %s.") % ", ".join(sorted(members)))


def _is_text(member: Any, text: Any, members: Collection[str]) -> bool:
    return (
        member in members
        and isinstance(text, str)
        and len(text) <= LONGEST[member]
        and is_storable(text)
    )


def _invalid(message: str) -> ValidationError:
    return ValidationError({"translations": ValidationError(message, code="invalid_translations")})
