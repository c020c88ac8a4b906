"""Shapes of the cart endpoints.

The fields of outputs are declared for the API's description; what is sent is built by hand, because
a cart through DRF's fields costs more than everything else that is done with it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.cart.services import CartView, LineView
from shopkit.cart.stores.base import LARGEST_QUANTITY
from shopkit.catalog.api.serializers.products import PictureOutput
from shopkit.catalog.models import Image, Product
from shopkit.catalog.translation import translated
from shopkit.core.api.fields import KeyField, MoneyOutput
from shopkit.core.money import format_amount
from shopkit.core.storages import url_maker
from shopkit.pricing.calculator import Adjustment


class AddItemInput(serializers.Serializer[None]):
    """What goes in: a variant, or a product that has one sellable variant."""

    variant_id = KeyField(required=False)
    product_id = KeyField(required=False)
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, default=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if not attrs.keys() & {"variant_id", "product_id"}:
            text = _("Name a variant or a product.")
            raise serializers.ValidationError({"variant_id": text}, code="required")
        return attrs


class ChangeItemInput(serializers.Serializer[None]):
    """The new number of units; 0 takes the line out."""

    quantity = serializers.IntegerField(min_value=0, max_value=LARGEST_QUANTITY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A PATCH without a quantity would say nothing.
        super().__init__(*args, **{**kwargs, "partial": False})


class MergeCartInput(serializers.Serializer[None]):
    """Which guest's cart."""

    token = serializers.CharField(
        max_length=1000, trim_whitespace=False, help_text="The guest's X-Cart-Token."
    )


class CartProductOutput(serializers.ModelSerializer[Product]):
    """What the variant is a variant of."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = Product
        fields = ("id", "slug", "name")
        read_only_fields = fields


class CartPictureOutput(PictureOutput):
    """The product's picture, in the shape of the catalogue's cards."""


class CartVariantOutput(serializers.Serializer[LineView]):
    """The variant of a line; blank and null where it is gone from the catalogue."""

    id = serializers.IntegerField(source="variant_id")
    sku = serializers.CharField(source="variant.sku", default="", read_only=True)
    name = serializers.CharField(source="variant.name", default="", read_only=True)
    product = CartProductOutput(
        source="variant.product", allow_null=True, default=None, read_only=True
    )
    image = CartPictureOutput(
        source="variant.product.primary_image", allow_null=True, default=None, read_only=True
    )


class CartItemOutput(serializers.Serializer[LineView]):
    """One line; ``id`` is the variant's."""

    id = serializers.IntegerField(source="variant_id")
    variant = CartVariantOutput(source="*")
    quantity = serializers.IntegerField()
    unit_price = MoneyOutput()
    line_total = MoneyOutput()
    available = serializers.IntegerField(
        allow_null=True, help_text="Units there are; null for without limit."
    )
    problem = serializers.ChoiceField(
        choices=["out_of_stock", "unavailable", "price_changed"], allow_null=True
    )


class CartAdjustmentOutput(serializers.Serializer[Any]):
    """What is added to or taken from the price of the goods."""

    kind = serializers.ChoiceField(choices=["discount", "shipping", "tax"])
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amount = MoneyOutput(help_text="Signed: a discount is negative.")


class CartTotalsOutput(serializers.Serializer[Any]):
    """total = subtotal - discount + shipping + tax."""

    subtotal = MoneyOutput()
    discount = MoneyOutput()
    shipping = MoneyOutput()
    tax = MoneyOutput()
    total = MoneyOutput()


class CartOutput(serializers.Serializer[Any]):
    """A cart at today's prices."""

    token = serializers.SerializerMethodField()
    version = serializers.CharField(
        allow_blank=True, help_text="Changes with every change; empty while nothing is stored."
    )
    items = CartItemOutput(many=True, source="lines")
    currency = serializers.CharField()
    adjustments = CartAdjustmentOutput(many=True, source="quote.adjustments")
    lost = serializers.BooleanField(help_text="There was a cart, and it is gone.")
    totals = CartTotalsOutput(source="quote.totals")
    count = serializers.IntegerField(help_text="Units of all lines together.")

    def to_representation(self, cart: CartView) -> dict[str, Any]:
        """Return the cart."""
        totals = cart.quote.totals
        return {
            "token": self.get_token(cart),
            "version": cart.version,
            "items": [_item(line, cart.currency) for line in cart.lines],
            "currency": cart.currency,
            "adjustments": [_adjustment(one, cart.currency) for one in cart.quote.adjustments],
            "lost": cart.lost,
            "totals": {name: format_amount(getattr(totals, name), cart.currency) for name in SUMS},
            "count": cart.count,
        }

    @extend_schema_field({"type": ["string", "null"], "description": "A guest's secret."})
    def get_token(self, cart: Any) -> str | None:
        """Return the guest's secret; null for users and for who has no cart yet."""
        token: str | None = self.context.get("token")
        return token


class MergedLineOutput(serializers.Serializer[Any]):
    """What became of one line of the guest's cart."""

    variant_id = serializers.IntegerField()
    added = serializers.IntegerField()
    dropped = serializers.IntegerField()
    reason = serializers.ChoiceField(
        choices=["capped", "out_of_stock", "unavailable"], allow_null=True
    )


class MergedCartOutput(CartOutput):
    """The user's cart, and what became of the guest's."""

    merged = serializers.SerializerMethodField()

    def to_representation(self, cart: CartView) -> dict[str, Any]:
        """Return the cart with what became of the guest's."""
        return {**super().to_representation(cart), "merged": self.get_merged(cart)}

    @extend_schema_field(MergedLineOutput(many=True))
    def get_merged(self, cart: Any) -> Any:
        """Return one entry per line of the guest's cart."""
        return MergedLineOutput(self.context["merged"], many=True).data


SUMS = ("subtotal", "discount", "shipping", "tax", "total")


def _item(line: LineView, currency: str) -> dict[str, Any]:
    return {
        "id": line.variant_id,
        "variant": _variant(line),
        "quantity": line.quantity,
        "unit_price": format_amount(line.unit_price, currency),
        "line_total": format_amount(line.line_total, currency),
        "available": line.available,
        "problem": line.problem,
    }


def _variant(line: LineView) -> dict[str, Any]:
    variant = line.variant
    if variant is None:
        return {"id": line.variant_id, "sku": "", "name": "", "product": None, "image": None}
    product = variant.product
    image = product.primary_image
    name = translated(product.name, product.translations)
    return {
        "id": line.variant_id,
        "sku": variant.sku,
        "name": variant.name,
        "product": {"id": product.pk, "slug": product.slug, "name": name},
        "image": image and _picture(image),
    }


def _picture(image: Image) -> dict[str, Any]:
    url_of = url_maker(image.file.storage)
    return {
        "url": url_of(str(image.file.name)),
        "alt": translated(image.alt, image.translations, "alt"),
        "sizes": {name: url_of(file) for name, file in image.sizes.items()},
    }


def _adjustment(one: Adjustment, currency: str) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "code": one.code,
        "label": str(one.label),
        "amount": format_amount(one.amount, currency),
    }
