"""Admin of payments: read, never edited."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Refusal
from shopkit.core.money import format_amount

from .models import Payment
from .services import mark_paid


@admin.register(Payment)
class PaymentAdmin(admin.ModelAdmin):
    """Attempts to pay; money that arrived by hand is confirmed by an action."""

    list_display = ("order", "provider", "money", "status", "reference", "created_at", "paid_at")
    list_filter = ("status", "provider")
    list_select_related = ("order",)
    search_fields = ("order__number", "reference")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = ("received",)

    @admin.display(description=_("amount"), ordering="amount")
    def money(self, payment: Payment) -> str:
        """Show the amount as money."""
        return f"{format_amount(payment.amount, payment.currency)} {payment.currency}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Attempts begin at the checkout."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Money is never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Money is never forgotten."""
        return False

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Say whether the action is shown."""
        return request.user.has_perm("shopkit_payments.add_payment")

    @admin.action(description=_("The money was received"), permissions=["confirm"])
    def received(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        """Mark the orders of the chosen live offline attempts as paid."""
        for payment in queryset.select_related("order").filter(
            provider="offline", status=Payment.Status.PENDING
        ):
            try:
                mark_paid(payment.order_id, actor=request.user)
            except Refusal as refusal:
                text = f"{payment.order.number}: {refusal}"
                self.message_user(request, text, messages.WARNING)
            else:
                self.message_user(request, f"{payment.order.number}: ✓", messages.SUCCESS)
