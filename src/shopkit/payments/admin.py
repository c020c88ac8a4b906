"""Admin of payments: money that arrived by hand is recorded; nothing is ever edited."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    fields = ("order", "amount", "reference")
    autocomplete_fields = ("order",)

    @admin.display(description=_("amount"), ordering="amount")
    def money(self, payment: Payment) -> str:
        """Show the amount as money."""
        return f"{format_amount(payment.amount, payment.currency)} {payment.currency}"

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record money received; a refusal is shown above the form and nothing is kept."""
        try:
            return super().add_view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Payment, form: Any, change: Any) -> None:
        """Let the service write the money down; it settles a live attempt where there is one."""
        mark_paid(obj.order_id, amount=obj.amount, reference=obj.reference, actor=request.user)
        obj.pk = Payment.objects.filter(order_id=obj.order_id).latest("paid_at").pk
        obj.refresh_from_db()

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
