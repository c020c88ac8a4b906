"""Rows with texts in several languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.translation import (
    TranslationChanges,
    in_language,
    merged,
    other_languages,
    reading_language,
    validate_translations,
)


class Translated(models.Model):
    """A row with texts in several languages.

    translatable -- the columns that are translated, the one that names the row first
    translations -- {language: {member: text}}, for the languages other than the main one
    """

    translatable: ClassVar[tuple[str, ...]]

    translations = models.JSONField(_("translations"), default=dict, blank=True)

    class Meta:
        abstract = True

    def text(self, member: str, languages: Collection[str] | None = None) -> str:
        """Return a column's text as a reader sees it.

        languages -- as ``reading_language`` returns them; None for the active language
        """
        shown = reading_language() if languages is None else languages
        return in_language(shown, getattr(self, member), self.translations, member)

    def take(self, changes: Mapping[str, Any]) -> None:
        """Set columns; ``TranslationChanges`` are laid over the translations there are."""
        for name, value in changes.items():
            is_partial = isinstance(value, TranslationChanges)
            setattr(self, name, merged(self.translations, value) if is_partial else value)

    def check_translations(self) -> None:
        """Raise ValidationError of the field ``translations`` where they are none."""
        validate_translations(self.translations, members=self.translatable)

    def missing_languages(self) -> list[str]:
        """Return the languages of the site in which this row has no name."""
        member = self.translatable[0]
        return [code for code, _name in other_languages() if not self.has_text(code, member)]

    def has_text(self, language: str, member: str) -> bool:
        """Say whether there is a translation."""
        texts = self.translations.get(language)
        return bool(texts and texts.get(member))
