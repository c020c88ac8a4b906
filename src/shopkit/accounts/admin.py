"""Admin of sessions: who is signed in where, and an end to it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .models import AuthSession, EndReason
from .services import end_sessions


@admin.register(AuthSession)
class AuthSessionAdmin(admin.ModelAdmin):
    """Read-only; sessions can be ended by who may delete them. Nothing of a token is shown."""

    list_display = ("user", "agent", "address", "created_at", "used_at", "ended_at", "end_reason")
    list_filter = ("end_reason", "created_at")
    list_select_related = ("user",)
    fields = (*list_display, "expires_at")
    actions = ("end_session",)
    show_full_result_count = False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Find by the site's own kind of username, and by address."""
        return (f"user__{get_user_model().USERNAME_FIELD}", "address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sessions begin by signing in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are looked at only."""
        return False

    @admin.action(description=_("End the chosen sessions"), permissions=["delete"])
    def end_session(self, request: HttpRequest, queryset: QuerySet[AuthSession]) -> None:
        """Sign the chosen devices out, at once."""
        chosen = AuthSession.objects.filter(pk__in=queryset.values("pk"))
        count = end_sessions(chosen, reason=EndReason.STAFF)
        text = ngettext("%d session was ended.", "%d sessions were ended.", count)
        self.message_user(request, text % count, messages.SUCCESS)
