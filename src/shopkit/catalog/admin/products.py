"""Products and variants in the admin."""

# mypy: disable-error-code="type-arg"

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import (
    Product,
    ProductAttributeValue,
    ProductType,
    Variant,
    VariantAttributeValue,
)
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.search.relevance import has_words
from shopkit.catalog.services.products import (
    OF_TYPE,
    ProductData,
    create_product,
    delete_products,
    update_product,
)
from shopkit.catalog.services.variants import VariantData, add_variant, update_variant
from shopkit.catalog.translation import merged
from shopkit.core.conf import core_settings
from shopkit.core.words import show_money

from .base import SHEET, ServiceAdmin, note_changes
from .boxes import boxes_of, chosen_type, posted_codes, with_boxes
from .exporting import export_chosen
from .forms import NewVariantForm, ProductForm, VariantForm, VariantFormSet
from .generation import GeneratesVariants
from .images import ImageFormSet, ImageInline
from .looking import ShowsPrices, ShowsValues, as_shown, may_write
from .related import RelatedFormSet, RelatedInline
from .translations import TranslatedAdmin, with_texts

PRODUCT_FIELDS = ("name", "slug", "description", "is_active", "metadata")
MOST_TYPES = 50
SHOWN_OF_VARIANT = ("shown_values", "shown_price", "shown_sale_price")
VALUES_OF_PRODUCT = "attribute_values__attribute", "attribute_values__value"


class VariantInline(ShowsValues, ShowsPrices, admin.TabularInline):
    """Variants with their prices and values. They are switched off, never deleted."""

    model = Variant
    form = NewVariantForm
    formset = VariantFormSet
    extra = 0
    can_delete = False
    show_change_link = True
    readonly_fields = SHOWN_OF_VARIANT

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the everyday columns and one for each attribute that makes variants."""
        sku, *own = NewVariantForm.Meta.fields
        if not may_write(self, request, obj):
            return [sku, "shown_values", *as_shown(own)]
        return [sku, *self.form_class(request, obj).boxes, *own, "stock"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Build the forms with today's attributes."""
        return super().get_formset(
            request, obj, **{**kwargs, "form": self.form_class(request, obj)}
        )

    def form_class(self, request: HttpRequest, obj: Any) -> Any:
        """Return the form with a box for each attribute that makes variants of this product."""
        held = VariantAttributeValue.objects.filter(variant__product=obj) if obj else None
        boxes = boxes_of(
            is_variant=True,
            kind=chosen_type(request, obj),
            held=held,
            posted=posted_codes(request, of_variants=True),
        )
        return with_boxes(NewVariantForm, boxes)

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Begin a new product with one variant."""
        return 0 if obj else 1

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Stop where the service stops."""
        return catalog_settings().MAX_VARIANTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        """Read all values at once, not row by row."""
        rows: QuerySet[Variant] = super().get_queryset(request)
        return rows.prefetch_related(*VALUES_OF_PRODUCT)


@admin.register(Product)
class ProductAdmin(ShowsValues, TranslatedAdmin, GeneratesVariants):
    """Products with their variants. Deleting takes a product off sale for ever."""

    form = ProductForm
    list_display = ("name", "is_active", "price_range", "in_stock", "on_sale", "category", "type")
    list_editable = ("is_active",)
    list_filter = ("is_active", "in_stock", "on_sale", "type")
    list_select_related = ("category", "type")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("search_key",)
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - Django's form
    autocomplete_fields = ("category", "categories")
    inlines = (VariantInline, ImageInline, RelatedInline)
    actions = (export_chosen,)
    ordering = ("-created_at", "-pk")

    class Media:
        css = SHEET

    @admin.display(description=_("price"), ordering="price_min")
    def price_range(self, product: Product) -> str:
        """Show one price, or from and to."""
        currency = core_settings().CURRENCY
        ends = dict.fromkeys((product.price_min, product.price_max))
        return " \u2013 ".join(show_money(one, currency) for one in ends)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Leave out what is off sale for ever."""
        return Product.objects.kept()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search as the shop does by default, what is hidden included."""
        return queryset.filter(has_words(read_question(search_term))), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what a product is, its attributes and other languages, then what programs read."""
        own = ("name", "slug", "type", "description", "category", "categories", "is_active")
        form = self.form_class(request, obj)
        boxes = tuple(form.boxes) if may_write(self, request, obj) else ("shown_values",)
        return [
            (None, {"fields": own}),
            *([(_("Attributes"), {"fields": boxes})] if boxes else []),
            *self.text_fieldsets(request, obj, form),
            (_("More"), {"fields": ("metadata",), "classes": ("collapse",)}),
        ]

    def form_class(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form with a box for each attribute it may have, and for each language."""
        boxes = boxes_of(
            is_variant=False,
            kind=chosen_type(request, obj),
            held=ProductAttributeValue.objects.filter(product=obj) if obj else None,
            posted=posted_codes(request, of_variants=False),
        )
        return with_texts(with_boxes(ProductForm, boxes))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer a new product of each type: its page asks for what the type has."""
        if kwargs.get("add"):
            context["product_types"] = ProductType.objects.all()[:MOST_TYPES]
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask for both: a product is made with its first variant."""
        may_add: bool = super().has_add_permission(request)
        return may_add and request.user.has_perm("shopkit_catalog.add_variant")

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Edit one column in the list, without boxes."""
        return super().get_changelist_form(request, **{**kwargs, "form": _ListForm})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing else goes: variants and orders stay as they are."""
        names = [str(one) for one in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, set(), []

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: Any) -> None:
        """Wait for the variants: a product without one must not exist for a moment."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write product, variants, pictures and what is related through the services."""
        pictures = [one for one in formsets if isinstance(one, ImageFormSet)]
        related = [one for one in formsets if isinstance(one, RelatedFormSet)]
        formsets = [one for one in formsets if one not in [*pictures, *related]]
        if change:
            self.change_product(request, form, formsets)
        else:
            [formset] = formsets
            variants = [_variant_data(one) for one in formset.filled_forms]
            given = {name: form.cleaned_data[name] for name in PRODUCT_FIELDS}
            data = ProductData(
                **given,
                translations=merged({}, form.text_changes),
                categories=form.category_keys,
                attributes=form.attributes,
                type=form.type_code,
                variants=variants,
            )
            form.instance.pk = create_product(data, actor=request.user).pk
            note_changes(formset, new=[], changed=[], deleted=[])
        for formset in pictures:
            formset.save_images(form.instance)
        for formset in related:
            formset.save_related(form.instance)

    def change_product(self, request: HttpRequest, form: Any, formsets: Any) -> None:
        """Write what was changed, the product before its variants."""
        product = form.instance
        changes = form.changes(PRODUCT_FIELDS)
        if {"category", "categories"} & set(form.changed_data):
            changes["categories"] = form.category_keys
        if "type" in form.changed_data:
            changes["type"] = form.type_code
        fits_later = form.type_code and any(one.has_changed() for one in formsets)
        if fits_later and changes.keys() & OF_TYPE:
            # Product and variants may fit their type only when all of them are written.
            changes["type"] = None
        if changes:
            update_product(product, changes=changes)
        self.change_variants(request, product, formsets)
        if fits_later and changes.keys() & OF_TYPE:
            update_product(product, changes={"type": form.type_code})

    def change_variants(self, request: HttpRequest, product: Product, formsets: Any) -> None:
        """Write the variants that were changed, new ones first: the last old one may be going."""
        for formset in formsets:
            filled = [one for one in formset.filled_forms if one.has_changed()]
            new = [
                add_variant(product, _variant_data(one), actor=request.user)
                for one in filled
                if not one.instance.pk
            ]
            old = [one for one in filled if one.instance.pk]
            changed = [(_change_variant(one), one.changed_data) for one in old]
            note_changes(formset, new=new, changed=changed, deleted=[])

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        """Take one product off sale for ever."""
        delete_products([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Take the chosen products off sale for ever."""
        delete_products(queryset.values_list("pk", flat=True))


class _ListForm(ProductForm):
    """A row of the list."""

    class Meta(ProductForm.Meta):
        fields = ("is_active",)  # type: ignore[assignment]


@admin.register(Variant)
class VariantAdmin(ShowsValues, ShowsPrices, ServiceAdmin):
    """All fields of one variant; new ones are made at their product."""

    form = VariantForm
    list_display = ("sku", "product", "name", "shown_price", "shown_sale_price", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("product",)
    search_fields = ("sku", "barcode", "product__name")
    readonly_fields = ("product",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        """Leave out what is off sale for ever; read all values at once."""
        rows = Variant.objects.filter(product__deleted_at=None)
        return rows.select_related("product").prefetch_related(*VALUES_OF_PRODUCT)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """Build the form with today's attributes."""
        return super().get_form(request, obj, **{**kwargs, "form": self.form_class(obj)})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return all fields and one for each attribute that makes variants."""
        if not may_write(self, request, obj):
            return ["product", *as_shown(VariantForm.Meta.fields), "shown_values"]
        return ["product", *VariantForm.Meta.fields, *self.form_class(obj).boxes]

    def form_class(self, obj: Any) -> Any:
        """Return the form with a box for each attribute that makes variants of its product."""
        held = VariantAttributeValue.objects.filter(variant=obj) if obj else None
        kind = obj.product.type_id if obj else None
        return with_boxes(VariantForm, boxes_of(is_variant=True, kind=kind, held=held))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A variant is added at its product."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders point at variants, so they are switched off."""
        return False

    def save_model(self, request: HttpRequest, obj: Variant, form: Any, change: Any) -> None:
        """Write what was changed."""
        _change_variant(form)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Values have been written with the variant."""


def _variant_data(form: Any) -> VariantData:
    own = {name: form.cleaned_data[name] for name in NewVariantForm.Meta.fields}
    return VariantData(**own, stock=form.cleaned_data.get("stock") or 0, attributes=form.attributes)


def _change_variant(form: Any) -> Variant:
    return update_variant(form.instance, changes=form.changes(VariantForm.Meta.fields))
