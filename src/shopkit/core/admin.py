"""Admin of the engine room: facts that are waiting or parked."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .facts import retry
from .models import Delivery


class StateFilter(admin.SimpleListFilter):
    """Waiting, parked or delivered."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the three states."""
        return [("waiting", _("waiting")), ("parked", _("parked")), ("delivered", _("delivered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Return the rows in the chosen state."""
        if self.value() == "waiting":
            return queryset.filter(delivered_at=None, parked_at=None)
        if self.value() == "parked":
            return queryset.exclude(parked_at=None)
        if self.value() == "delivered":
            return queryset.exclude(delivered_at=None)
        return queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Read-only; parked rows can be tried again."""

    list_display = (
        "fact",
        "subscriber",
        "announced_at",
        "attempts",
        "state",
        "due",
        "error",
    )
    show_full_result_count = False  # delivered rows are many
    list_filter = (StateFilter, "fact")
    search_fields = ("fact", "subscriber")
    ordering = ("-pk",)
    actions = ("try_again",)

    @admin.display(description=_("state"))
    def state(self, row: Delivery) -> str:
        """Return in one word what became of it."""
        if row.delivered_at:
            return str(_("delivered"))
        return str(_("parked") if row.parked_at else _("waiting"))

    @admin.display(description=_("due at"), ordering="due_at")
    def due(self, row: Delivery) -> datetime | None:
        """Return when it is tried next, or may be taken over from whoever tries now."""
        return None if row.delivered_at or row.parked_at else row.due_at

    @admin.display(description=_("last error"))
    def error(self, row: Delivery) -> str:
        """Return the beginning of what went wrong; the row's own page has all of it."""
        return Truncator(row.last_error).chars(80)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Facts are announced, never typed in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Rows are looked at only."""
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Trying again runs code, so looking is not enough."""
        return request.user.has_perm("shopkit_core.change_delivery")

    @admin.action(description=_("Try parked deliveries again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Give the chosen parked rows a fresh series of tries."""
        count = retry(list(queryset))
        text = ngettext(
            "%d delivery will be tried again.", "%d deliveries will be tried again.", count
        )
        self.message_user(request, text % count, messages.SUCCESS)
