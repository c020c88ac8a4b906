"""Refusals of the catalogue."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Refusal


class CategoryNotEmpty(Refusal):
    """details: {"children": number, "products": number}."""

    code = "category_not_empty"
    message = _("This category still has categories or products in it.")


class CategoryCycle(Refusal):
    """A category cannot be moved below itself; answered as invalid input of ``parent``."""

    code = "category_cycle"
    message = _("A category cannot be moved below itself.")


class LastVariant(Refusal):
    """A product always keeps one active variant."""

    code = "last_variant"
    message = _("A product keeps at least one variant. Deactivate the product instead.")


class AttributeInUse(Refusal):
    """details: {"products": number, "variants": number} that have a value of it."""

    code = "attribute_in_use"
    message = _("Products or variants still use this attribute.")


class TypeInUse(Refusal):
    """details: {"products": number} that are of it."""

    code = "product_type_in_use"
    message = _("Products are still of this type.")


class TypeAttributeInUse(Refusal):
    """details: {"attributes": {code: {"products": number, "variants": number}}} that have it."""

    code = "type_attribute_in_use"
    message = _("Products of this type still have values of an attribute that is to go.")


class TypeAttributeMissing(Refusal):
    """details: {"attributes": {code: number of active products without it}}."""

    code = "type_attribute_missing"
    message = _("Active products of this type lack an attribute that is to be required.")


class ValueInUse(Refusal):
    """details: {"products": number, "variants": number} that have it."""

    code = "attribute_value_in_use"
    message = _("Products or variants still use this value.")
