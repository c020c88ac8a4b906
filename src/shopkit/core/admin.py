"""Admin of the engine room: facts that are waiting or parked."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
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

    list_display = ("fact", "subscriber", "announced_at", "attempts", "delivered_at", "parked_at")
    list_filter = (StateFilter, "fact")
    search_fields = ("fact", "subscriber")
    ordering = ("-pk",)
    actions = ("try_again",)

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
