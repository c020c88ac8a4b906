"""Forms of products and variants."""

# mypy: disable-error-code="type-arg"

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Product, Variant
from shopkit.catalog.services.uniqueness import taken
from shopkit.catalog.services.variants import errors_of, make_sku
from shopkit.core.conf import core_settings
from shopkit.core.metadata import validate_metadata
from shopkit.core.money import round_money

from .boxes import HasAttributes
from .translations import TranslatedForm


class ProductForm(TranslatedForm, HasAttributes):
    """A product; an empty slug is made from the name."""

    class Meta:
        model = Product
        fields = (
            "name",
            "slug",
            "type",
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
        self.refuse_misfits(is_complete=bool(cleaned.get("is_active")))
        return cleaned

    def changes(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what was changed, texts in other languages included."""
        found = super().changes(names)
        return {**found, "translations": self.text_changes} if self.text_changes else found

    @property
    def type_code(self) -> str | None:
        """The code of the type."""
        kind = self.instance.type
        return kind.code if kind else None

    @property
    def category_keys(self) -> list[int]:
        """All categories, the primary one first."""
        first = self.cleaned_data["category"]
        keys = [one.pk for one in self.cleaned_data["categories"]]
        return list(dict.fromkeys([first.pk, *keys] if first else keys))


class VariantForm(HasAttributes):
    """A variant; an empty SKU is made, an empty name comes from the values.

    checks_type -- whether the product's type is asked here, not by the page of the product
    """

    checks_type = True

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
        if "sku" in self.fields:
            self.fields["sku"].required = False
        for name in ("price", "sale_price"):
            if isinstance(amount := self.initial.get(name), Decimal):
                self.initial[name] = _as_currency(amount)

    def clean(self) -> Any:
        """Check the values against the product's type."""
        cleaned = super().clean() or self.cleaned_data
        if self.checks_type:
            product = self.instance.product
            refuse_misfits_of_variant(self, product, elsewhere=codes_of(product))
        return cleaned

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

    checks_type = False
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
        # So that a row fits on the page, attributes included.
        widgets = {  # noqa: RUF012 - Django's form
            name: forms.TextInput({"size": size})
            for name, size in {"sku": 18, "name": 16, "barcode": 13}.items()
        }

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
        elsewhere = codes_of(self.instance)
        for form in self.filled_forms:
            refuse_misfits_of_variant(form, self.instance, elsewhere=elsewhere)
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


def refuse_misfits_of_variant(
    form: HasAttributes, product: Product, *, elsewhere: Collection[str]
) -> None:
    """Say at its box what the product's type does not have, or does not go without."""
    is_complete = product.is_active and bool(form.cleaned_data.get("is_active"))
    form.refuse_misfits(is_complete=is_complete, elsewhere=elsewhere)


def codes_of(product: Product) -> set[str]:
    """Return the codes of the attributes that the product itself has values of."""
    if product.pk is None or product.type_id is None:
        return set()
    return set(product.attribute_values.values_list("attribute__code", flat=True))


def _as_currency(amount: Decimal) -> Decimal:
    """Return the amount with the digits of the currency, with more only where it has more."""
    rounded = round_money(amount, core_settings().CURRENCY)
    return rounded if rounded == amount else amount
