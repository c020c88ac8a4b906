"""Types of products in the admin."""

# mypy: disable-error-code="type-arg"

from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shopkit.catalog.errors import TypeAttributeInUse, TypeAttributeMissing
from shopkit.catalog.models import ProductType, ProductTypeAttribute
from shopkit.catalog.services.types import (
    Member,
    create_product_type,
    delete_product_type,
    update_product_type,
)
from shopkit.core.errors import Refusal

from .base import ServiceAdmin, note_changes
from .translations import TranslatedAdmin, TranslatedForm


class MemberInline(admin.TabularInline):
    """The attributes that belong, in the order of their positions."""

    model = ProductTypeAttribute
    fields = ("attribute", "position", "is_required")
    autocomplete_fields = ("attribute",)
    extra = 1
    ordering = ("position", "pk")
    verbose_name = gettext_lazy("attribute")
    verbose_name_plural = gettext_lazy("attributes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductTypeAttribute]:
        """Read the attributes, which the rows are called by, at once."""
        rows: QuerySet[ProductTypeAttribute] = super().get_queryset(request)
        return rows.select_related("attribute")


class ProductTypeForm(TranslatedForm):
    """A type."""

    class Meta:
        model = ProductType
        fields = ("name", "code")


@admin.register(ProductType)
class ProductTypeAdmin(TranslatedAdmin, ServiceAdmin):
    """What a phone has, and what a shirt."""

    form = ProductTypeForm
    list_display = ("name", "code", "shown_attributes", "shown_products")
    search_fields = ("name", "code")
    prepopulated_fields = {"code": ("name",)}  # noqa: RUF012 - Django's form
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductType]:
        """Read attributes and counts with the rows."""
        members = ProductTypeAttribute.objects.select_related("attribute").order_by(
            "position", "pk"
        )
        kept = Count("products", filter=Q(products__deleted_at=None))
        return ProductType.objects.annotate(product_count=kept).prefetch_related(
            Prefetch("members", queryset=members, to_attr="listed_members")
        )

    @admin.display(description=gettext_lazy("attributes"))
    def shown_attributes(self, kind: Any) -> str:
        """Name the attributes; a star means that one is required."""
        names = (f"{one.attribute.name}{'*' * one.is_required}" for one in kind.listed_members)
        return ", ".join(names)

    @admin.display(description=gettext_lazy("products"), ordering="product_count")
    def shown_products(self, kind: Any) -> int:
        """Count the products that are kept."""
        return int(kind.product_count)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Files and programs name the code, so it stays."""
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Suggest a code for a new type."""
        return {} if obj else self.prepopulated_fields

    def words_of(self, refusal: Refusal) -> list[str]:
        """Say how many products stand in the way."""
        found = refusal.details.get("attributes", {})
        if isinstance(refusal, TypeAttributeInUse):
            line = _("%(code)s: %(products)d products and %(variants)d variants have it.")
            counts = [line % {"code": code, **numbers} for code, numbers in found.items()]
        elif isinstance(refusal, TypeAttributeMissing):
            line = _("%(code)s: %(number)d active products do not have it.")
            counts = [line % {"code": code, "number": number} for code, number in found.items()]
        else:
            counts = []
        return [*super().words_of(refusal), *counts]

    def save_model(self, request: HttpRequest, obj: ProductType, form: Any, change: Any) -> None:
        """Write the type's own fields."""
        if not change:
            obj.pk = create_product_type(**form.new_row()).pk
        elif changes := form.changed_row():
            update_product_type(obj, changes=changes)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write the attributes."""
        for formset in formsets:
            doomed = formset.deleted_forms
            kept = [
                one
                for one in formset.forms
                if one not in doomed and (one.instance.pk or one.has_changed())
            ]
            kept.sort(key=_place)
            members = [
                Member(one.cleaned_data["attribute"].code, one.cleaned_data["is_required"])
                for one in kept
            ]
            update_product_type(form.instance, changes={"attributes": members})
            note_changes(
                formset,
                deleted=[one.instance for one in doomed],
                changed=[
                    (one.instance, one.changed_data)
                    for one in kept
                    if one.instance.pk and one.has_changed()
                ],
                new=[one.instance for one in kept if not one.instance.pk],
            )

    def delete_model(self, request: HttpRequest, obj: ProductType) -> None:
        """Take away what no product is of."""
        delete_product_type(obj)


def _place(form: Any) -> tuple[bool, int]:
    """Return what members are sorted by; a new one that was given no place comes last."""
    is_placed = form.instance.pk is not None or "position" in form.changed_data
    return not is_placed, form.cleaned_data["position"]
