"""Admin of orders: look at everything, move orders by actions, edit nothing by hand."""

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from shopkit.core.errors import Refusal
from shopkit.core.words import show_money

from .models import Order, OrderEvent, OrderLine, status_name
from .services import cancel_order, move_order

DOERS = {
    "customer": pgettext_lazy("who did it", "customer"),
    "staff": pgettext_lazy("who did it", "staff"),
    "system": pgettext_lazy("who did it", "system"),
}


class LineInline(admin.TabularInline):
    """What was ordered."""

    model = OrderLine
    fields = ("sku", "name", "values", "one", "quantity", "sum")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=_("attributes"))
    def values(self, line: OrderLine) -> str:
        """Show "colour: red, size: m"."""
        return ", ".join(f"{code}: {value}" for code, value in line.attributes.items())

    @admin.display(description=_("unit price"))
    def one(self, line: OrderLine) -> str:
        """Show the price of one unit as money."""
        return show_money(line.unit_price, line.order.currency)

    @admin.display(description=_("line total"))
    def sum(self, line: OrderLine) -> str:
        """Show the price of the line as money."""
        return show_money(line.line_total, line.order.currency)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Lines are frozen."""
        return False


class EventInline(admin.TabularInline):
    """What happened."""

    model = OrderEvent
    fields = ("at", "before", "after", "who", "actor", "reason")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=_("from"))
    def before(self, event: OrderEvent) -> str:
        """Show the status it left, in the reader's language."""
        return status_name(event.from_status) or "-"

    @admin.display(description=_("to"))
    def after(self, event: OrderEvent) -> str:
        """Show the status it came to."""
        return status_name(event.to_status)

    @admin.display(description=_("by"))
    def who(self, event: OrderEvent) -> str:
        """Show who did it; a gateway has its name in every language."""
        return str(DOERS.get(event.by, event.by))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History is written by moves."""
        return False


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """Orders: read, and moved by actions that call the services."""

    list_display = (
        "number",
        "placed_at",
        "contact_name",
        "contact_phone",
        "amount",
        "status",
        "payment_status",
        "tracking_number",
    )
    list_filter = ("status", "payment_status", "placed_at")
    search_fields = ("number", "contact_name", "contact_phone", "contact_email")
    date_hierarchy = "placed_at"
    inlines = (LineInline, EventInline)
    actions = ("to_next_status", "cancel")
    fieldsets = (
        (None, {"fields": ("number", "status", "payment_status", "tracking_number", "placed_at")}),
        (
            _("Customer"),
            {
                "fields": (
                    "user",
                    "contact_name",
                    "contact_phone",
                    "contact_email",
                    "place",
                    "note",
                )
            },
        ),
        (
            _("Money"),
            {"fields": ("goods", "off", "delivery", "taxes", "amount", "paid", "owed")},
        ),
    )

    @admin.display(description=_("address"))
    def place(self, order: Order) -> str:
        """Show the address in one line, the town last."""
        names = ("street", "city", "region", "postal_code", "country", "note")
        return ", ".join(str(order.address[name]) for name in names if order.address.get(name))

    @admin.display(description=_("subtotal"))
    def goods(self, order: Order) -> str:
        """Show what the goods cost."""
        return _money(order, order.subtotal)

    @admin.display(description=_("discount"))
    def off(self, order: Order) -> str:
        """Show what was taken off."""
        return _money(order, order.discount)

    @admin.display(description=_("shipping"))
    def delivery(self, order: Order) -> str:
        """Show what delivery costs."""
        return _money(order, order.shipping)

    @admin.display(description=_("tax"))
    def taxes(self, order: Order) -> str:
        """Show what tax is added."""
        return _money(order, order.tax)

    @admin.display(description=_("paid"))
    def paid(self, order: Order) -> str:
        """Show what came in."""
        return _money(order, order.paid_total)

    @admin.display(description=_("refund due"))
    def owed(self, order: Order) -> str:
        """Show what must go back."""
        return _money(order, order.refund_due)

    @admin.display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> str:
        """Show the total as money."""
        return _money(order, order.total)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Orders are placed, never typed in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders are moved by actions, never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders are kept."""
        return False

    def has_move_permission(self, request: HttpRequest) -> bool:
        """Say whether the actions are shown."""
        return request.user.has_perm("shopkit_orders.move_order")

    @admin.action(description=_("Move to the next status"), permissions=["move"])
    def to_next_status(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Move each chosen order one step on."""
        self._each(request, queryset, move_order)

    @admin.action(description=_("Cancel; stock is free again"), permissions=["move"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Cancel each chosen order that still can be."""
        self._each(request, queryset, cancel_order)

    def _each(self, request: HttpRequest, queryset: QuerySet[Order], service: Any) -> None:
        done = 0
        for order in queryset:
            try:
                service(order.pk, by="staff", actor=request.user)
                done += 1
            except Refusal as refusal:
                self.message_user(request, f"{order.number}: {refusal}", messages.WARNING)
        text = ngettext("%d order was changed.", "%d orders were changed.", done)
        self.message_user(request, text % done, messages.SUCCESS)


def _money(order: Order, amount: Decimal) -> str:
    return show_money(amount, order.currency)
