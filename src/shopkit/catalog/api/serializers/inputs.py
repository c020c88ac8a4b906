"""Products and variants as staff write them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shopkit.core.api.fields import KeyField, MoneyInput, StrictInput

from .translations import TranslationsInput

LARGEST = 2**31 - 1


class AttributeTextInput(serializers.CharField):
    """A value of an attribute: a text, a number, or true and false."""

    def to_internal_value(self, data: Any) -> str:
        """Return it as text; the attribute's own type is checked by the service."""
        if isinstance(data, bool):
            return "true" if data else "false"
        return super().to_internal_value(data)


class AttributesInput(serializers.DictField):
    """``{"colour": "red", "memory": 16}``."""

    child = AttributeTextInput(max_length=200)


class FiscalInput(serializers.Serializer[Any]):
    """What variants carry beside their price."""

    barcode = serializers.CharField(max_length=64, required=False, allow_blank=True)
    name = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Made from the values if empty."
    )
    position = serializers.IntegerField(min_value=0, max_value=LARGEST, required=False)
    weight = serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, help_text="Grams."
    )
    ikpu = serializers.RegexField(r"^\d{17}$", required=False, allow_blank=True)
    package_code = serializers.RegexField(r"^\d{1,20}$", required=False, allow_blank=True)
    vat_percent = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True
    )
    attributes = AttributesInput(required=False)
    metadata = serializers.DictField(required=False)
    is_active = serializers.BooleanField(required=False)


class VariantInput(FiscalInput):
    """A new variant. Without ``sku`` a unique one is made."""

    sku = serializers.CharField(max_length=64, required=False, allow_blank=True)
    price = MoneyInput()
    sale_price = MoneyInput(required=False, allow_null=True)
    stock = serializers.IntegerField(min_value=0, max_value=LARGEST, required=False)


class RefusesStock(serializers.Serializer[Any]):
    """Stock is counted, so changing it needs more than a number; it has its own endpoint."""

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "use_stock_endpoint": _("Change stock at variants/{id}/stock/."),
        "use_variant_endpoints": _("Change variants at variants/{id}/, add them at the product."),
    }
    elsewhere: dict[str, str] = {"stock": "use_stock_endpoint"}  # noqa: RUF012 - a class constant

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse members that are changed at another place, rather than ignore them."""
        given = self.initial_data.keys() & self.elsewhere.keys()
        if given:
            codes = {name: self.elsewhere[name] for name in sorted(given)}
            raise serializers.ValidationError(
                {
                    name: serializers.ErrorDetail(str(self.error_messages[code]), code)
                    for name, code in codes.items()
                }
            )
        return attrs


class VariantChangeInput(RefusesStock, FiscalInput):
    """Changes of a variant; ``attributes`` replaces all of its values."""

    sku = serializers.CharField(max_length=64, required=False)
    price = MoneyInput(required=False)
    sale_price = MoneyInput(required=False, allow_null=True)


class DescribedInput(serializers.Serializer[Any]):
    """What new and changed products share."""

    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=120, required=False, allow_blank=True)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    categories = serializers.ListField(
        child=KeyField(), max_length=50, required=False, help_text="The first is the primary one."
    )
    attributes = AttributesInput(required=False)
    type = serializers.SlugField(
        max_length=50, required=False, allow_null=True, help_text="Code of a product type."
    )
    is_active = serializers.BooleanField(required=False)
    translations = TranslationsInput(required=False)
    metadata = serializers.DictField(required=False)
    sku = serializers.CharField(max_length=64, required=False)
    price = MoneyInput(required=False)
    sale_price = MoneyInput(required=False, allow_null=True)


class ProductInput(DescribedInput):
    """A new product: with ``variants``, or with the price, SKU and stock of its only one."""

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "either": _("Give either variants or the price and stock of the only one, not both."),
        "required": _("This field is required."),
    }
    sku = serializers.CharField(max_length=64, required=False, allow_blank=True)
    stock = serializers.IntegerField(min_value=0, max_value=LARGEST, required=False)
    variants = VariantInput(many=True, required=False, allow_empty=False)

    short_form = frozenset({"sku", "price", "sale_price", "stock"})

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both forms at once, and neither."""
        if "variants" in attrs and attrs.keys() & self.short_form:
            self._refuse("variants", "either")
        if "variants" not in attrs and "price" not in attrs:
            self._refuse("price", "required")
        return attrs

    def _refuse(self, name: str, code: str) -> None:
        wrong = serializers.ErrorDetail(str(self.error_messages[code]), code)
        raise serializers.ValidationError({name: [wrong]})


class ProductChangeInput(RefusesStock, DescribedInput):
    """Changes of a product. PUT empties what it does not name, prices and the slug apart."""

    elsewhere = {  # noqa: RUF012 - a class constant
        "stock": "use_stock_endpoint",
        "variants": "use_variant_endpoints",
    }
    emptied: dict[str, Any] = {  # noqa: RUF012 - a class constant
        "description": "",
        "categories": (),
        "attributes": {},
        "type": None,
        "is_active": True,
        "translations": {},
        "metadata": {},
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return all members of a replacement, the given ones of a change."""
        attrs = super().validate(attrs)
        return attrs if self.partial else {**self.emptied, **attrs}


class RelatedInput(StrictInput):
    """What staff chose to be shown beside a product."""

    products = serializers.ListField(child=KeyField(), max_length=100)
