"""Admin of Telegram: what came in and where the bot may write; looked at, never edited."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .masking import masked
from .models import ChatLink, Update
from .services.handling import retry_updates


class ReadOnly:
    """Rows that only Telegram's updates write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Telegram sends them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are looked at only."""
        return False


class StateFilter(admin.SimpleListFilter):
    """Waiting, failed or handled."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the three states."""
        return [("waiting", _("waiting")), ("failed", _("failed")), ("handled", _("handled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Update]) -> QuerySet[Update]:
        """Return the rows in the chosen state."""
        if self.value() == "waiting":
            return queryset.filter(handled_at=None)
        if self.value() == "failed":
            return queryset.exclude(last_error="")
        if self.value() == "handled":
            return queryset.exclude(handled_at=None)
        return queryset


@admin.register(Update)
class UpdateAdmin(ReadOnly, admin.ModelAdmin):
    """Updates; those that failed can be tried again."""

    list_display = ("update_id", "kind", "received_at", "handled_at", "handler", "attempts")
    list_filter = (StateFilter, "kind")
    search_fields = ("update_id",)
    ordering = ("-pk",)
    actions = ("try_again",)
    fields = (
        "update_id",
        "kind",
        "received_at",
        "handled_at",
        "handler",
        "attempts",
        "last_error",
        "shown_payload",
    )
    readonly_fields = fields

    @admin.display(description=_("payload"))
    def shown_payload(self, update: Update) -> str:
        """Show the update without phone numbers, codes and secrets of links."""
        text = json.dumps(masked(update.payload), indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Say whether the action is shown."""
        return request.user.has_perm("shopkit_telegram.change_update")

    @admin.action(description=_("Handle once more"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Update]) -> None:
        """Have the chosen updates that are not handled yet handled at once."""
        chosen = queryset.exclude(update_id=None).values_list("update_id", flat=True)
        count = retry_updates([int(one or 0) for one in chosen])
        text = ngettext(
            "%d update will be handled once more.", "%d updates will be handled once more.", count
        )
        self.message_user(request, text % count, messages.SUCCESS)


@admin.register(ChatLink)
class ChatLinkAdmin(ReadOnly, admin.ModelAdmin):
    """Chats with the bot."""

    list_display = ("chat_id", "language", "is_dead", "opened_at", "changed_at")
    list_filter = ("is_dead", "language")
    search_fields = ("=chat_id",)
    ordering = ("-pk",)
