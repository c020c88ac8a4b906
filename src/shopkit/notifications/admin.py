"""Admin of notifications: what was told, what became of each message. No address is shown."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from .languages import choose_language
from .models import Event, Message, Notification, Preference
from .services import retry_messages
from .words import words_of


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the services write."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is typed in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited."""
        return False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by what it is about and, where there is one, by the user's name."""
        return ("event__about", f"user__{get_user_model().USERNAME_FIELD}")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What happened that people are told of."""

    list_display = ("at", "kind", "about", "title")
    list_filter = ("kind",)
    date_hierarchy = "at"
    fields = ("at", "kind", "about", "title", "text")
    readonly_fields = ("title", "text")

    @admin.display(description=_("title"))
    def title(self, event: Event) -> str:
        """Say it as the reader of this page would be told."""
        return words_of(event.kind, event.params, language=_language()).title

    @admin.display(description=_("text"))
    def text(self, event: Event) -> str:
        """Say all of it."""
        return words_of(event.kind, event.params, language=_language()).text

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by what it is about."""
        return ("about",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without its event a repeated fact would be told again."""
        return False


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """The inboxes."""

    list_display = ("created_at", "user", "event", "read_at")
    list_filter = ("event__kind",)
    list_select_related = ("user", "event")
    fields = ("user", "event", "created_at", "read_at")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Messages on their way; who may change them may have them sent again."""

    list_display = (
        "created_at",
        "event",
        "recipient",
        "channel",
        "language",
        "state",
        "reason",
        "attempts",
        "ended_at",
    )
    list_filter = ("state", "channel", "event__kind")
    list_select_related = ("event",)
    date_hierarchy = "created_at"
    actions = ("send_again",)
    fields = (
        "event",
        "recipient",
        "channel",
        "language",
        "state",
        "reason",
        "attempts",
        "created_at",
        "claimed_at",
        "ended_at",
    )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Sending writes to people, so looking is not enough."""
        return request.user.has_perm("shopkit_notifications.change_message")

    @admin.action(
        description=_("Send again what was not, or perhaps not, sent"), permissions=["retry"]
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Have the chosen messages sent; those that were sent are left alone."""
        count = retry_messages(list(queryset.values_list("pk", flat=True)))
        text = ngettext("%d message will be sent.", "%d messages will be sent.", count)
        self.message_user(request, text % count, messages.SUCCESS)


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    """What users chose; deleting a row brings the site's choice back."""

    list_display = ("user", "kind", "channel", "is_enabled", "changed_at")
    list_filter = ("kind", "channel", "is_enabled")
    list_select_related = ("user",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by the user's name."""
        return (f"user__{get_user_model().USERNAME_FIELD}",)


def _language() -> str:
    return choose_language(get_language() or "")
