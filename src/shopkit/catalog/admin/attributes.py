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

from .base import ServiceAdmin, note_changes
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


class ValueForm(forms.ModelForm):
    """A value with its colour picked."""

    class Meta:
        model = AttributeValue
        fields = ("value", "colour", "position", "translations")
        widgets = {  # noqa: RUF012 - Django's form
            "colour": ColourInput,
            "translations": forms.Textarea({"rows": 2, "cols": 30}),
        }

    def clean_colour(self) -> str:
        """Return it as it is stored."""
        return str(self.cleaned_data["colour"]).lower()


class ValueInline(admin.TabularInline):
    """The values that staff choose from."""

    model = AttributeValue
    form = ValueForm
    formset = ValueFormSet
    fields = ValueForm.Meta.fields
    extra = 1
    ordering = ("position", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only colours have one; of a new attribute the type is not known yet."""
        is_choice = obj is not None and obj.type == Attribute.Type.CHOICE
        return [name for name in self.fields if name != "colour" or not is_choice]


@admin.register(Attribute)
class AttributeAdmin(ServiceAdmin):
    """Attributes with the values of choices and colours; other values come with the products."""

    list_display = ("name", "code", "type", "unit", "is_variant", "is_filterable", "position")
    list_filter = ("type", "is_variant", "is_filterable")
    search_fields = ("name", "code")
    prepopulated_fields = {"code": ("name",)}  # noqa: RUF012 - Django's form
    inlines = (ValueInline,)

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
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            update_attribute(obj, changes=changes)
        else:
            obj.pk = create_attribute(**_filled(form.cleaned_data)).pk

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
                    (_changed_value(one), one.changed_data) for one in chosen if one.instance.pk
                ],
                new=[_new_value(attribute, one) for one in chosen if not one.instance.pk],
            )

    def delete_model(self, request: HttpRequest, obj: Attribute) -> None:
        """Take away what nothing uses."""
        delete_attribute(obj)


def _filled(cleaned: Any) -> dict[str, Any]:
    """Return what was given; an emptied JSON box is None."""
    return {name: {} if value is None else value for name, value in cleaned.items()}


def _changed_value(form: Any) -> AttributeValue:
    names = [name for name in form.changed_data if name in ValueInline.fields]
    given = _filled({name: form.cleaned_data[name] for name in names})
    return update_value(form.instance, changes=given)


def _new_value(attribute: Attribute, form: Any) -> AttributeValue:
    names = [name for name in ValueInline.fields if name in form.cleaned_data]
    return create_value(attribute, **_filled({name: form.cleaned_data[name] for name in names}))
