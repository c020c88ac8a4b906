"""Forms of products and variants: one box per attribute, made anew for every page."""

# mypy: disable-error-code="type-arg"

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Attribute, AttributeValue, Product, Variant
from shopkit.catalog.services.attribution import CLOSED, canonical_value
from shopkit.catalog.services.uniqueness import taken
from shopkit.catalog.services.variants import errors_of, make_sku
from shopkit.core.metadata import validate_metadata

from .translations import TranslatedForm

PREFIX = "attribute:"


class ValueBox(forms.CharField):
    """A value of an open type, stored in its canonical form."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the canonical form."""
        text = str(super().clean(value))
        return canonical_value(self.kind, text) if text else ""


class HasAttributes(forms.ModelForm):
    """A form with boxes named after attributes; a subclass is made by ``with_boxes``."""

    boxes: Mapping[str, Attribute] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, attribute in self.boxes.items():
            if name in self.fields:
                self.initial.setdefault(name, self.values.get(attribute.code, ""))

    @cached_property
    def values(self) -> dict[str, str]:
        """The stored values by code; a list's rows, which show none, do not read them."""
        if not self.instance.pk:
            return {}
        rows = self.instance.attribute_values.all()
        return {row.attribute.code: row.value.value for row in rows}

    @property
    def attributes(self) -> dict[str, str]:
        """All values after this form: those of its boxes, and the ones it has no box for."""
        given = {
            attribute.code: self.cleaned_data.get(name, "")
            for name, attribute in self.boxes.items()
        }
        merged = {**self.values, **given}
        return {code: text for code, text in merged.items() if text}

    def changes(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what was changed among the fields ``names``, and ``attributes`` if those were."""
        changed = set(self.changed_data)
        found = {name: self.cleaned_data[name] for name in names if name in changed}
        if changed & self.boxes.keys():
            found["attributes"] = self.attributes
        return found

    def add_missing(self, errors: Mapping[str, Any]) -> None:
        """Add the service's objections to fields that Django found nothing wrong with."""
        for name, wrong in errors.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, wrong)


def with_boxes(form: type[HasAttributes], attributes: Iterable[Attribute]) -> type[HasAttributes]:
    """Return a subclass of ``form`` with one box for each attribute."""
    boxes = {f"{PREFIX}{one.code}": one for one in attributes}
    fields = {name: _box(one) for name, one in boxes.items()}
    return type(form.__name__, (form,), {**fields, "boxes": boxes})


def boxed_attributes(*, is_variant: bool) -> list[Attribute]:
    """Return the attributes that products, or variants, get a box for: two statements."""
    values = AttributeValue.objects.filter(attribute__type__in=CLOSED).order_by("position", "pk")
    return list(
        Attribute.objects.filter(is_variant=is_variant).prefetch_related(
            Prefetch("values", queryset=values, to_attr="listed_values")
        )
    )


def _box(attribute: Attribute) -> forms.Field:
    label = f"{attribute.name}, {attribute.unit}" if attribute.unit else attribute.name
    if attribute.type in CLOSED:
        choices = [(one.value, one.value) for one in attribute.listed_values]  # type: ignore[attr-defined]
        return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *choices])
    if attribute.type == Attribute.Type.BOOLEAN:
        yes_no = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, required=False, choices=yes_no)
    return ValueBox(label=label, required=False, kind=attribute.type)


class ProductForm(TranslatedForm, HasAttributes):
    """A product; an empty slug is made from the name."""

    class Meta:
        model = Product
        fields = (
            "name",
            "slug",
            "description",
            "category",
            "categories",
            "is_active",
            "metadata",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> Any:
        """Check what is neither a column's own rule nor a constraint."""
        cleaned = super().clean() or self.cleaned_data
        if "metadata" in cleaned:
            cleaned["metadata"] = cleaned["metadata"] or {}
            try:
                validate_metadata(cleaned["metadata"])
            except ValidationError as error:
                self.add_error("metadata", error.messages)
        return cleaned

    def changes(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what was changed, texts in other languages included."""
        found = super().changes(names)
        return {**found, "translations": self.text_changes} if self.text_changes else found

    @property
    def category_keys(self) -> list[int]:
        """All categories, the primary one first."""
        first = self.cleaned_data["category"]
        keys = [one.pk for one in self.cleaned_data["categories"]]
        return list(dict.fromkeys([first.pk, *keys] if first else keys))


class VariantForm(HasAttributes):
    """A variant; an empty SKU is made, an empty name comes from the values."""

    class Meta:
        model = Variant
        fields = (
            "sku",
            "name",
            "barcode",
            "price",
            "sale_price",
            "position",
            "weight",
            "ikpu",
            "package_code",
            "vat_percent",
            "is_active",
            "metadata",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sku"].required = False

    def clean_sku(self) -> str:
        """Return the SKU, or a new one."""
        return str(self.cleaned_data["sku"] or make_sku())

    def clean_metadata(self) -> Any:
        """Read an emptied box as nothing."""
        return self.cleaned_data["metadata"] or {}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.add_missing(errors_of(self.instance))


class NewVariantForm(VariantForm):
    """A variant inside its product's page: the everyday fields, and a new one's first stock."""

    stock = forms.IntegerField(
        label=_("first stock"), required=False, min_value=0, max_value=2**31 - 1
    )

    class Meta(VariantForm.Meta):
        fields = (  # type: ignore[assignment]
            "sku",
            "name",
            "barcode",
            "price",
            "sale_price",
            "position",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Stock that exists is changed where every change is written down.
            self.fields["stock"].disabled = True


class VariantFormSet(forms.BaseInlineFormSet):
    """A product's variants: told apart by their values, at least one of them active."""

    def clean(self) -> None:
        """Refuse two active variants with the same values."""
        super().clean()
        if any(self.errors):
            return
        seen: set[tuple[tuple[str, str], ...]] = set()
        for form in self.filled_forms:
            if not form.cleaned_data.get("is_active"):
                continue
            combination = tuple(sorted(form.attributes.items()))
            if combination in seen:
                form.add_error(None, taken("combination"))
            seen.add(combination)
        if not seen:
            raise ValidationError(_("A product needs at least one active variant."))

    @property
    def filled_forms(self) -> list[Any]:
        """The forms that stand for a variant: stored ones, and new ones that were filled in."""
        return [one for one in self.forms if one.instance.pk or one.has_changed()]
