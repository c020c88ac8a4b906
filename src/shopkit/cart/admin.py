"""Admin of carts that stand in the database: for a look, not for a change."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Cart, CartLine


class ReadOnly:
    """Rows that only the store writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Owners put things in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A change here would not change the version."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A guest would be told that the cart was lost."""
        return False


class CartLineInline(ReadOnly, admin.TabularInline):
    """The lines of a cart."""

    model = CartLine
    fields = ("variant_id", "quantity", "price_seen")


@admin.register(Cart)
class CartAdmin(ReadOnly, admin.ModelAdmin):
    """Who has something in a cart, and since when."""

    list_display = ("owner", "line_count", "units", "updated_at")
    search_fields = ("owner",)
    ordering = ("-updated_at", "-pk")
    inlines = (CartLineInline,)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cart]:
        """Return the carts with their sums."""
        rows: QuerySet[Cart] = super().get_queryset(request)
        return rows.annotate(line_count=Count("lines"), units=Sum("lines__quantity"))

    @admin.display(description=_("lines"))
    def line_count(self, cart: Any) -> int:
        """Return the number of lines."""
        return int(cart.line_count)

    @admin.display(description=_("units"))
    def units(self, cart: Any) -> int:
        """Return the units of all lines."""
        return int(cart.units or 0)
