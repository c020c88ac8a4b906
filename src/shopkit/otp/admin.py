"""Admin of one-time codes. Neither a code nor what it is derived from is shown."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .destinations import mask
from .models import Budget, Challenge
from .services import unlock, void


class ReadOnly:
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody types them in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are looked at only."""
        return False


@admin.register(Challenge)
class ChallengeAdmin(ReadOnly, admin.ModelAdmin):
    """Who was asked for a code, and what became of it. Search takes a whole destination."""

    list_display = (
        "created_at",
        "purpose",
        "channel",
        "masked",
        "attempts",
        "sent_at",
        "send_error",
        "consumed_at",
        "voided_at",
    )
    list_filter = ("purpose", "channel", "send_error")
    fields = (*list_display, "max_attempts", "expires_at", "client_address")
    search_fields = ("destination__exact",)
    search_help_text = _("A whole number, with + and country code, or a whole e-mail address.")
    actions = ("withdraw",)
    show_full_result_count = False

    @admin.display(description=_("destination"))
    def masked(self, challenge: Challenge) -> str:
        """Return enough to recognise it."""
        return mask(challenge.destination)

    @admin.action(description=_("Withdraw the chosen codes"), permissions=["delete"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Challenge]) -> None:
        """Make the chosen codes worthless, at once."""
        count = sum(void(challenge=pk) for pk in queryset.values_list("pk", flat=True))
        text = ngettext("%d code was withdrawn.", "%d codes were withdrawn.", count)
        self.message_user(request, text % count, messages.SUCCESS)


@admin.register(Budget)
class BudgetAdmin(ReadOnly, admin.ModelAdmin):
    """What was counted. Search takes a whole number, address or network address."""

    list_display = ("scope", "masked", "seconds", "used", "ends_at")
    list_filter = ("scope", "seconds")
    fields = list_display
    search_fields = ("key__exact",)
    actions = ("unlock",)
    show_full_result_count = False

    @admin.display(description=_("whose"))
    def masked(self, budget: Budget) -> str:
        """Return enough to recognise it; a block of numbers is nobody's own."""
        is_contact = budget.key.startswith("+") or "@" in budget.key
        is_own = budget.scope == "destination" or (is_contact and budget.scope != "prefix")
        return mask(budget.key) if is_own else budget.key

    @admin.action(description=_("Allow codes again at once"), permissions=["delete"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Budget]) -> None:
        """Forget what was counted for whom the chosen rows belong to."""
        keys = set(queryset.values_list("key", flat=True))
        count = sum(unlock(key=key) > 0 for key in keys)
        text = ngettext("%d can ask for codes again.", "%d can ask for codes again.", count)
        self.message_user(request, text % count, messages.SUCCESS)
