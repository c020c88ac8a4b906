"""Admin of text messages: what became of them, to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Found by the number's last four digits or the gateway's id."""

    list_display = ("created_at", "phone_ending", "backend", "status", "gateway_code", "segments")
    list_filter = ("status", "backend")
    search_fields = ("=phone_ending", "=message_id")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Messages are sent, never typed in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Records are looked at only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Old ones go by themselves (``shopkit_forget_sms``)."""
        return False
