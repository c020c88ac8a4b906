"""Admin of the stock: a shopkeeper counts, the ledger remembers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Variant
from shopkit.core.errors import Refusal

from .models import Movement, Reservation, StockItem, StockWish
from .services import set_on_hand

COUNTED = "shopkit.inventory.counted"
# What no shelf holds, so that such a count is refused.
UNKNOWN = -1


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is typed in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is thrown away."""
        return False


class StateFilter(admin.SimpleListFilter):
    """Sold out, nearly so, or there."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the three states."""
        return [("out", _("sold out")), ("low", _("five or fewer")), ("held", _("held by orders"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:
        """Return the items in the chosen state."""
        if self.value() == "out":
            return queryset.filter(on_hand=F("reserved"))
        if self.value() == "low":
            return queryset.filter(on_hand__gt=F("reserved"), on_hand__lte=F("reserved") + 5)
        if self.value() == "held":
            return queryset.filter(reserved__gt=0)
        return queryset


@admin.register(StockItem)
class StockItemAdmin(admin.ModelAdmin):
    """Count in the list; a change goes through the service and into the ledger."""

    list_display = ("variant", "product_name", "on_hand", "reserved", "left")
    list_editable = ("on_hand",)
    list_filter = (StateFilter,)
    list_select_related = ("variant__product",)
    search_fields = ("variant__sku", "variant__product__name")
    readonly_fields = ("variant", "reserved")
    fields = ("variant", "on_hand", "reserved")

    @admin.display(description=_("product"))
    def product_name(self, item: StockItem) -> str:
        """Say what it is, size and colour included."""
        return item.variant.full_name

    @admin.display(description=_("available"))
    def left(self, item: StockItem) -> int:
        """Say how many units can still be promised."""
        return item.available

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Let the page carry the number that it shows: what was sold meanwhile is no count."""
        if db_field.name == "on_hand":
            kwargs["show_hidden_initial"] = True
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Items come with their variants."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Items stay as long as their variants."""
        return False

    def save_model(self, request: HttpRequest, obj: StockItem, form: Any, change: Any) -> None:
        """Only note what was counted: Django calls this in one transaction for all rows."""
        if "on_hand" in form.changed_data:
            counted = (obj.variant_id, obj.on_hand, _shown(form))
            request.META.setdefault(COUNTED, []).append(counted)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write the counts of the list, each in a transaction of its own."""
        answer = super().changelist_view(request, *args, **kwargs)
        self._write_counts(request)
        return answer

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write the count of the form."""
        answer = super().changeform_view(request, *args, **kwargs)
        self._write_counts(request)
        return answer

    def _write_counts(self, request: HttpRequest) -> None:
        """Write what was counted, unless somebody changed it since the page was loaded."""
        for variant, on_hand, expected in request.META.pop(COUNTED, []):
            try:
                set_on_hand(
                    variant=variant,
                    on_hand=on_hand,
                    expected=expected,
                    note="admin",
                    actor=request.user,
                )
            except (Refusal, ValidationError) as error:
                sku = Variant.objects.get(pk=variant).sku
                reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
                self.message_user(request, f"{sku}: {' '.join(reasons)}", messages.ERROR)


def _shown(form: Any) -> int:
    """Return the number on the page that was counted against; UNKNOWN where it sends none."""
    box = form["on_hand"]
    sent = form.data.get(box.html_initial_name)
    try:
        shown = box.field.to_python(sent)
    except ValidationError:
        return UNKNOWN
    return UNKNOWN if shown is None else int(shown)


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """Who holds what."""

    list_display = ("owner", "item", "quantity", "state", "created_at", "closed_at")
    list_filter = ("state",)
    list_select_related = ("item",)
    search_fields = ("owner", "item__variant__sku")


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    """The ledger."""

    list_display = ("at", "item", "delta", "on_hand_after", "reason", "note", "reference", "actor")
    list_filter = ("reason",)
    list_select_related = ("item", "actor")
    search_fields = ("reference", "item__variant__sku")
    date_hierarchy = "at"


@admin.register(StockWish)
class StockWishAdmin(ReadOnlyAdmin):
    """Who waits for what; what many wait for is worth ordering."""

    list_display = ("variant", "product_name", "user", "created_at")
    list_select_related = ("variant__product", "user")
    search_fields = ("variant__sku", "variant__product__name")

    @admin.display(description=_("product"))
    def product_name(self, wish: StockWish) -> str:
        """Say what it is, size and colour included."""
        return wish.variant.full_name
