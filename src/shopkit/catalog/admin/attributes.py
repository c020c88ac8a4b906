"""Attributes and their values in the admin."""

# mypy: disable-error-code="type-arg"

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Attribute, AttributeValue
from shopkit.catalog.services.attributes import (
    create_attribute,
    create_value,
    delete_attribute,
    delete_value,
    update_attribute,
    update_value,
)
from shopkit.catalog.services.attribution import CLOSED, canonical_value

from .base import SHEET, ServiceAdmin, note_changes
from .looking import ShowsTexts, may_write
from .translations import TranslatedAdmin, TranslatedForm, with_texts
from .widgets import ColourInput


class ValueFormSet(forms.BaseInlineFormSet):
    """Values that fit their attribute's type."""

    def clean(self) -> None:
        """Check each value as the service will."""
        super().clean()
        for form in self.forms:
            value = form.cleaned_data.get("value")
            if not value or form.cleaned_data.get("DELETE"):
                continue
            try:
                canonical_value(self.instance.type, value)
            except ValidationError as error:
                form.add_error("value", error)
            if form.cleaned_data.get("colour") and self.instance.type != Attribute.Type.COLOUR:
                form.add_error("colour", _("Only values of a colour attribute have a colour."))


class ValueForm(TranslatedForm):
    """A value with its colour picked."""

    class Meta:
        model = AttributeValue
        fields = ("value", "colour", "position")
        widgets = {  # noqa: RUF012 - Django's form
            # So narrow that the languages beside it are seen.
            "value": forms.TextInput(attrs={"size": 16}),
            "colour": ColourInput,
        }

    def clean_colour(self) -> str:
        """Return it as it is stored."""
        return str(self.cleaned_data["colour"]).lower()


class ValueInline(ShowsTexts, admin.TabularInline):
    """The values that staff choose from, with what they are called in other languages."""

    model = AttributeValue
    form = ValueForm
    formset = ValueFormSet
    extra = 1
    readonly_fields = ("written_texts",)
    ordering = ("position", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only colours have one; of a new attribute the type is not known yet."""
        is_choice = obj is not None and obj.type == Attribute.Type.CHOICE
        own = [name for name in ValueForm.Meta.fields if name != "colour" or not is_choice]
        texts = with_texts(ValueForm).texts
        return [*own, *(texts if may_write(self, request, obj) else ["written_texts"])]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Build the forms with today's languages."""
        form = with_texts(ValueForm, is_row=True)
        return super().get_formset(request, obj, **{**kwargs, "form": form})


class AttributeForm(TranslatedForm):
    """An attribute."""

    class Meta:
        model = Attribute
        fields = ("name", "code", "type", "unit", "is_variant", "is_filterable", "position")


@admin.register(Attribute)
class AttributeAdmin(TranslatedAdmin, ServiceAdmin):
    """Attributes with the values of choices and colours; other values come with the products."""

    form = AttributeForm
    list_display = ("name", "code", "type", "unit", "is_variant", "is_filterable", "position")
    list_filter = ("type", "is_variant", "is_filterable")
    search_fields = ("name", "code")
    prepopulated_fields = {"code": ("name",)}  # noqa: RUF012 - Django's form
    inlines = (ValueInline,)

    class Media:
        css = SHEET

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Links and filters are made of the code, so it stays."""
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Suggest a code for a new attribute."""
        return {} if obj else self.prepopulated_fields

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """Values of texts and numbers may be thousands, and nobody chooses from them."""
        if obj is not None and obj.type not in CLOSED:
            return []
        return super().get_inline_instances(request, obj)

    def save_model(self, request: HttpRequest, obj: Attribute, form: Any, change: Any) -> None:
        """Write the attribute."""
        if change:
            update_attribute(obj, changes=form.changed_row())
        else:
            obj.pk = create_attribute(**form.new_row()).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write the values."""
        attribute = Attribute.objects.get(pk=form.instance.pk)
        for formset in formsets:
            doomed = [one for one in formset.deleted_forms if one.instance.pk]
            kept = [one for one in formset.forms if one not in formset.deleted_forms]
            chosen = [one for one in kept if one.has_changed()]
            for one in doomed:
                delete_value(one.instance)
            note_changes(
                formset,
                deleted=[one.instance for one in doomed],
                changed=[
                    (update_value(one.instance, changes=one.changed_row()), one.changed_data)
                    for one in chosen
                    if one.instance.pk
                ],
                new=[
                    create_value(attribute, **one.new_row())
                    for one in chosen
                    if not one.instance.pk
                ],
            )

    def delete_model(self, request: HttpRequest, obj: Attribute) -> None:
        """Take away what nothing uses."""
        delete_attribute(obj)
