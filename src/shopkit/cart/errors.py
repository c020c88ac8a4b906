"""Refusals of the cart."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Refusal


class QuantityLimit(Refusal):
    """details: {"limit": most units of one variant}."""

    code = "quantity_limit"
    message = _("A cart holds no more units of this.")


class CartFull(Refusal):
    """details: {"limit": most lines of one cart}."""

    code = "cart_full"
    message = _("The cart has too many different things in it.")


class VariantRequired(Refusal):
    """details: {"variants": [{"id", "sku", "name"}, ...]} to choose from; answered with 400."""

    code = "variant_required"
    message = _("Say which variant of this product.")
