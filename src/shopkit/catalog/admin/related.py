"""What is shown beside a product, on the product's page."""

# mypy: disable-error-code="type-arg"

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import Product, RelatedProduct
from shopkit.catalog.services.related import set_related

from .base import note_changes, place_of


class RelatedForm(forms.ModelForm):
    """One product that is shown beside another."""

    position = forms.IntegerField(
        label=_("Position"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("The lowest comes first. Empty for the last."),
    )

    class Meta:
        model = RelatedProduct
        fields = ("related", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None

    def clean(self) -> Any:
        """Leave rules of the whole list to the formset: two rows may change places."""
        return self.cleaned_data


class RelatedFormSet(forms.BaseInlineFormSet):
    """All that staff chose for one product."""

    def clean(self) -> None:
        """Refuse what ``set_related`` would, at the row where it is seen."""
        if any("id" in wrong for wrong in self.errors):
            # Django says that at a box which nobody sees.
            raise ValidationError(_("Somebody else has deleted this meanwhile."), code="gone")
        if any(self.errors) or not self.has_changed():
            return
        most = catalog_settings().RELATED
        if len(self.kept_forms) > most:
            raise ValidationError(_("At most %d products.") % most, code="too_many")
        seen = {self.instance.pk: _("A product is not related to itself.")}
        for form in self.kept_forms:
            key = form.cleaned_data["related"].pk
            if key in seen:
                form.add_error("related", seen[key])
            seen.setdefault(key, _("This product is in the list already."))

    @property
    def kept_forms(self) -> list[Any]:
        """The forms that stand for a product after this page."""
        filled = [one for one in self.forms if one.instance.pk or one.has_changed()]
        return [one for one in filled if one not in self.deleted_forms]

    def save_related(self, product: Product) -> None:
        """Write the list if it was changed."""
        kept = self.kept_forms
        if self.has_changed():
            chosen = [one.cleaned_data["related"].pk for one in sorted(kept, key=place_of)]
            set_related(product, related=chosen)
        changed = [one for one in kept if one.has_changed()]
        note_changes(
            self,
            new=[one.instance for one in changed if not one.instance.pk],
            changed=[(one.instance, one.changed_data) for one in changed if one.instance.pk],
            deleted=[one.instance for one in self.deleted_forms if one.instance.pk],
        )


class RelatedInline(admin.TabularInline):
    """Products to be shown beside this one; who may change the product may choose them."""

    model = RelatedProduct
    fk_name = "product"
    form = RelatedForm
    formset = RelatedFormSet
    extra = 0
    ordering = ("position", "pk")
    autocomplete_fields = ("related",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RelatedProduct]:
        """Leave out what is off sale for ever; the next change takes it away."""
        rows: QuerySet[RelatedProduct] = super().get_queryset(request)
        return rows.filter(related__deleted_at=None).select_related("related")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Choose from what is not off sale for ever."""
        return super().formfield_for_foreignkey(
            db_field, request, **{**kwargs, "queryset": Product.objects.kept()}
        )

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Let a product be looked at from here, not made or deleted."""
        formset = super().get_formset(request, obj, **kwargs)
        if "related" in formset.form.base_fields:
            widget = formset.form.base_fields["related"].widget
            widget.can_add_related = widget.can_change_related = widget.can_delete_related = False
        return formset

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Stop where the service stops."""
        return catalog_settings().RELATED

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show the list to whom the product is shown."""
        return self.may_write(request, obj) or request.user.has_perm("shopkit_catalog.view_product")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Choosing is changing the product."""
        return self.may_write(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Choosing is changing the product."""
        return self.may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Choosing is changing the product."""
        return self.may_write(request, obj)

    def may_write(self, request: HttpRequest, product: Product | None) -> bool:
        """Say whether this person may change the product, or make one where none is named."""
        may = request.user.has_perm
        return may("shopkit_catalog.change_product") or (
            product is None and may("shopkit_catalog.add_product")
        )
