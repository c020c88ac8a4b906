"""Shapes of the inbox."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.core.api.fields import StrictInput
from shopkit.notifications.kinds import KINDS
from shopkit.notifications.languages import choose_language
from shopkit.notifications.models import Notification
from shopkit.notifications.services import Choice
from shopkit.notifications.words import Words, words_of

MOST_CHOICES = 200


class NotificationOutput(serializers.ModelSerializer[Notification]):
    """One thing that one was told; its words are in the language of who reads."""

    kind = serializers.CharField(source="event.kind", read_only=True)
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    is_read = serializers.BooleanField(read_only=True)

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "text", "is_read", "created_at")
        read_only_fields = fields

    @extend_schema_field({"type": "string"})
    def get_title(self, row: Notification) -> str:
        """Return what it is, in one line."""
        return _words(row).title

    @extend_schema_field({"type": "string"})
    def get_text(self, row: Notification) -> str:
        """Return the whole of it, plain."""
        return _words(row).text


class ReadAllOutput(serializers.Serializer[Any]):
    """How many were not read yet."""

    count = serializers.IntegerField()


class ChoiceInput(StrictInput):
    """One kind and one channel: is it wanted?"""

    kind = serializers.CharField(max_length=40)
    channel = serializers.CharField(max_length=30)
    is_enabled = serializers.BooleanField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the whole choice: a PATCH is partial in which choices it names, not in these."""
        wrong = self.fields["kind"].error_messages["required"]
        if missing := [one for one in ("kind", "channel", "is_enabled") if one not in attrs]:
            raise serializers.ValidationError(dict.fromkeys(missing, wrong), code="required")
        return attrs


class PreferencesInput(StrictInput):
    """The choices to change; the others stay."""

    preferences = ChoiceInput(many=True, max_length=MOST_CHOICES)  # type: ignore[call-arg]


class ChoiceOutput(serializers.Serializer[Choice]):
    """One choice, as the user or the site made it."""

    kind = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment] # a member of the body
    channel = serializers.CharField()
    is_enabled = serializers.BooleanField()

    @extend_schema_field({"type": "string"})
    def get_label(self, choice: Choice) -> str:
        """Return the kind in words for people."""
        return str(KINDS[choice.kind].label)


class PreferencesOutput(serializers.Serializer[Any]):
    """Every choice there is on this site."""

    preferences = ChoiceOutput(many=True)


def _words(row: Notification) -> Words:
    language = choose_language(get_language() or "")
    return words_of(row.event.kind, row.event.params, language=language)
