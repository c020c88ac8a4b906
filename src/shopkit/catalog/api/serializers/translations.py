"""Texts in the languages of the shop: as staff write them, and as they read them back."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.catalog.translation import TranslationChanges, main_language, merged

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
TEXTS_BY_LANGUAGE = {"type": "object", "additionalProperties": TEXTS}


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {
            "type": ["object", "null"],
            "additionalProperties": {"type": ["string", "null"]},
        },
        "description": "Texts by language and member. PATCH changes the texts it names and leaves "
        "the others; null takes a text, or all texts of a language, away.",
        "examples": [{"uz": {"name": "Koʻylak"}, "kaa": None}],
    }
)
class TranslationsInput(serializers.DictField):
    """``{"uz": {"name": "Koʻylak"}, "kaa": null}``; the service knows languages and members."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return what is to be laid over the stored texts, or the whole of new ones."""
        given = super().to_internal_value(data)
        return TranslationChanges(given) if self.root.partial else merged({}, given)


@extend_schema_field(TEXTS)
class TextsOutput(serializers.DictField):
    """``{"name": "Shirt"}``."""


@extend_schema_field(TEXTS_BY_LANGUAGE)
class TextsByLanguageOutput(serializers.DictField):
    """``{"uz": {"name": "Koʻylak"}}``."""


class TranslationsOutput(serializers.Serializer[Any]):
    """All texts of a row; the object is a ``Translated``."""

    language = serializers.CharField(help_text="The main language, which ``texts`` are in.")
    texts = TextsOutput()
    translations = TextsByLanguageOutput()
    missing = serializers.ListField(
        child=serializers.CharField(),
        help_text="Languages of the site in which this has no name.",
    )

    def to_representation(self, row: Any) -> dict[str, Any]:
        """Return the texts."""
        return {
            "language": main_language(),
            "texts": {member: getattr(row, member) for member in row.translatable},
            "translations": row.translations,
            "missing": row.missing_languages(),
        }
