"""Admin of payments: money that arrived by hand is recorded; nothing is ever edited."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import ShopkitError
from shopkit.core.words import show_money

from .errors import UnknownProvider
from .models import GatewayEvent, Payment, PaymentReview, Receipt, Refund
from .providers import providers
from .services import (
    close_review,
    confirm_refund,
    handle,
    mark_paid,
    recheck,
    refund_order,
    send_refund,
    withdraw_refund,
)

ALL_OF_PAYMENT = (
    "order", "provider", "status", "reason", "money", "came", "went", "going", "reference",
    "other_reference", "serial", "page", "created_at", "started_at", "opened_at", "gateway_time",
    "paid_at", "closed_at", "expires_at", "checked_at", "actor",
)  # fmt: skip


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that services write: they can be read, and nothing else."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Services make them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Money is never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Money is never forgotten."""
        return False

    def _each(self, request: HttpRequest, rows: Any, act: Any) -> None:
        """Act on each row in a transaction of its own and say what came of it."""
        for row in rows:
            try:
                act(row)
            except (ShopkitError, UnknownProvider) as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.WARNING)
            else:
                self.message_user(request, f"{row}: ✓", messages.SUCCESS)


class ReadOnlyInline(admin.TabularInline):
    """Rows of a payment that services write."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Services make them."""
        return False


class RefundInline(ReadOnlyInline):
    """What went back of a payment."""

    model = Refund
    fields = ("created_at", "status", "reason", "reference", "failure", "finished_at")
    readonly_fields = fields


class ReceiptInline(ReadOnlyInline):
    """The fiscal receipts of a payment."""

    model = Receipt
    fields = ("kind", "receipt_id", "fiscal_sign", "terminal_id", "qr_code_url", "date")
    readonly_fields = fields


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Attempts to pay; money that arrived by hand is confirmed by an action."""

    list_display = ("order", "provider", "money", "status", "reference", "created_at", "paid_at")
    list_filter = ("status", "provider")
    list_select_related = ("order",)
    search_fields = ("order__number", "reference", "other_reference")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = ("received", "ask_gateway", "give_back")
    autocomplete_fields = ("order",)
    inlines = (RefundInline, ReceiptInline)

    @admin.display(description=_("amount"), ordering="amount")
    def money(self, payment: Payment) -> str:
        """Show the amount as money."""
        return show_money(payment.amount, payment.currency)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one is money that somebody received; an old one shows everything."""
        return ("order", "amount", "reference") if obj is None else ALL_OF_PAYMENT

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Amounts are shown as money."""
        return () if obj is None else ("money", "came", "went", "going", "page")

    @admin.display(description=_("captured"))
    def came(self, payment: Payment) -> str:
        """Show what came."""
        return show_money(payment.captured, payment.currency)

    @admin.display(description=_("refunded"))
    def went(self, payment: Payment) -> str:
        """Show what went back."""
        return show_money(payment.refunded, payment.currency)

    @admin.display(description=_("on its way back"))
    def going(self, payment: Payment) -> str:
        """Show what is going back."""
        return show_money(payment.refunding, payment.currency)

    @admin.display(description=_("payment page"))
    def page(self, payment: Payment) -> str:
        """Show a short link to the gateway's page."""
        if not payment.redirect_url:
            return ""
        host = urlsplit(payment.redirect_url).netloc
        return format_html('<a href="{}" rel="noreferrer">{}</a>', payment.redirect_url, host)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Nothing has gone back of one that is just being written down."""
        return self.inlines if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff write down what they received."""
        return request.user.has_perm("shopkit_payments.add_payment")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record money received; a refusal is shown above the form and nothing is kept."""
        try:
            return super().add_view(request, *args, **kwargs)
        except ShopkitError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Payment, form: Any, change: Any) -> None:
        """Let the service write the money down; it settles a live attempt where there is one."""
        mark_paid(obj.order_id, amount=obj.amount, reference=obj.reference, actor=request.user)
        obj.pk = Payment.objects.filter(order_id=obj.order_id).latest("paid_at").pk
        obj.refresh_from_db()

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Say whether the actions about money that comes are shown."""
        return request.user.has_perm("shopkit_payments.add_payment")

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Say whether the action about money that goes is shown."""
        return request.user.has_perm("shopkit_payments.add_refund")

    @admin.action(description=_("The money was received"), permissions=["confirm"])
    def received(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        """Mark the orders of the chosen live offline attempts as paid."""
        by_hand = [code for code, backend in providers().items() if backend.kind == "offline"]
        rows = queryset.filter(provider__in=by_hand, status=Payment.Status.PENDING)
        self._each(
            request,
            [one.order for one in rows.select_related("order")],
            lambda order: mark_paid(order.pk, actor=request.user),
        )

    @admin.action(description=_("Ask the gateway what became of it"), permissions=["confirm"])
    def ask_gateway(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        """Let the books follow what the gateways say now."""
        self._each(request, queryset, lambda payment: recheck(payment.pk))

    @admin.action(description=_("Give the rest of the money back"), permissions=["refund"])
    def give_back(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        """Refund all that is left of the chosen payments."""
        self._each(
            request,
            queryset,
            lambda payment: refund_order(
                payment.order_id, payment_id=payment.pk, reason="staff", actor=request.user
            ),
        )


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Money that goes back; what no gateway can do is confirmed here."""

    list_display = ("order", "provider", "money", "status", "reason", "created_at", "finished_at")
    list_filter = ("status", "payment__provider")
    list_select_related = ("payment__order",)
    search_fields = ("payment__order__number", "reference")
    ordering = ("-created_at",)
    actions = ("done_by_hand", "send_now", "withdraw")

    @admin.display(description=_("order"))
    def order(self, refund: Refund) -> str:
        """Return the order's number."""
        return refund.payment.order.number

    @admin.display(description=_("provider"))
    def provider(self, refund: Refund) -> str:
        """Return whose money it is."""
        return refund.payment.provider

    @admin.display(description=_("amount"), ordering="amount")
    def money(self, refund: Refund) -> str:
        """Show the amount as money."""
        return show_money(refund.amount, refund.currency)

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Say whether the actions are shown."""
        return request.user.has_perm("shopkit_payments.add_refund")

    @admin.action(description=_("I have given it back by hand"), permissions=["refund"])
    def done_by_hand(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        """Write down what a person did."""
        self._each(request, queryset, lambda one: confirm_refund(one.pk, actor=request.user))

    @admin.action(description=_("Send it now"), permissions=["refund"])
    def send_now(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        """Do not wait for its time."""
        self._each(request, queryset, lambda one: send_refund(one.pk))

    @admin.action(description=_("Do not give it back"), permissions=["refund"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        """Withdraw what has not been sent."""
        self._each(request, queryset, lambda one: withdraw_refund(one.pk, actor=request.user))


class OpenFilter(admin.SimpleListFilter):
    """Still to be looked at, or done."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two states."""
        return [("open", _("to look at")), ("closed", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows in the chosen state."""
        if self.value() in {"open", "closed"}:
            return queryset.filter(closed_at__isnull=self.value() == "open")
        return queryset


@admin.register(PaymentReview)
class PaymentReviewAdmin(ReadOnlyAdmin):
    """What a person must look at; the note says what was done about it."""

    list_display = ("code", "provider", "order", "opened_at", "closed_at", "closed_by")
    list_filter = (OpenFilter, "code", "provider")
    list_select_related = ("payment__order", "closed_by")
    search_fields = ("payment__order__number", "payment__reference")
    actions = ("done",)
    fields = (
        "code",
        "provider",
        "payment",
        "event",
        "found",
        "opened_at",
        "closed_at",
        "closed_by",
    )
    readonly_fields = ("found",)

    @admin.display(description=_("order"))
    def order(self, review: PaymentReview) -> str:
        """Return the order's number, where there is one."""
        return review.payment.order.number if review.payment else ""

    @admin.display(description=_("details"))
    def found(self, review: PaymentReview) -> str:
        """Return what was found, readable."""
        return _pretty(review.details)

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Say whether the action is shown."""
        return request.user.has_perm("shopkit_payments.change_paymentreview")

    @admin.action(description=_("Looked at: done"), permissions=["close"])
    def done(self, request: HttpRequest, queryset: QuerySet[PaymentReview]) -> None:
        """Close the chosen ones."""
        self._each(request, queryset, lambda one: close_review(one.pk, actor=request.user))


@admin.register(GatewayEvent)
class GatewayEventAdmin(ReadOnlyAdmin):
    """The inbox; payloads are kept without secrets."""

    list_display = ("name", "kind", "provider", "payment", "refusal", "deliveries", "received_at")
    list_filter = ("provider", "kind", "refusal")
    list_select_related = ("payment",)
    search_fields = ("event_id", "payment__order__number", "payment__reference")
    actions = ("judge_again",)
    fields = (
        "provider", "event_id", "name", "kind", "payment", "refusal", "deliveries", "received_at",
        "handled_at", "understood", "payload",
    )  # fmt: skip
    readonly_fields = ("understood", "payload")

    @admin.display(description=_("facts"))
    def understood(self, event: GatewayEvent) -> str:
        """Return what we took from it."""
        return _pretty({name: value for name, value in event.facts.items() if value})

    @admin.display(description=_("payload"))
    def payload(self, event: GatewayEvent) -> str:
        """Return what came, readable."""
        return _pretty(event.data)

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Say whether the action is shown."""
        return request.user.has_perm("shopkit_payments.add_payment")

    @admin.action(description=_("Judge what still waits"), permissions=["confirm"])
    def judge_again(self, request: HttpRequest, queryset: QuerySet[GatewayEvent]) -> None:
        """Handle those of the chosen that nobody has handled."""
        self._each(request, queryset.filter(handled_at=None), lambda one: handle(one.pk))


def _pretty(value: Any) -> str:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
