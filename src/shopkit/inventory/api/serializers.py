"""Shapes of the stock endpoint."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shopkit.catalog.translation import translated
from shopkit.core.api.fields import StrictInput
from shopkit.inventory.models import StockItem, StockWish
from shopkit.inventory.services import LARGEST_STOCK


class ChangeStockInput(StrictInput):
    """Either ``delta``, or ``on_hand`` as counted."""

    delta = serializers.IntegerField(
        required=False, min_value=-LARGEST_STOCK, max_value=LARGEST_STOCK
    )
    on_hand = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_STOCK)
    expected = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_STOCK)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both forms at once, and neither."""
        if ("delta" in attrs) == ("on_hand" in attrs):
            raise serializers.ValidationError(
                _("Give either delta or on_hand."), code="delta_or_on_hand"
            )
        if "expected" in attrs and "delta" in attrs:
            raise serializers.ValidationError(
                {"expected": _("It goes with on_hand.")}, code="delta_or_on_hand"
            )
        return attrs


class StockOutput(serializers.ModelSerializer[StockItem]):
    """The stock of one variant."""

    available = serializers.IntegerField(read_only=True)

    class Meta:
        model = StockItem
        fields = ("variant_id", "on_hand", "reserved", "available")
        read_only_fields = fields


class WishedProductOutput(serializers.Serializer[Any]):
    """The product as a link."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class WishedVariantOutput(serializers.Serializer[Any]):
    """What somebody waits for."""

    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    product = WishedProductOutput()


class StockWishOutput(serializers.ModelSerializer[StockWish]):
    """A wish, read with ``variant__product``."""

    variant = WishedVariantOutput()

    class Meta:
        model = StockWish
        fields = ("variant", "created_at")
        read_only_fields = fields

    def to_representation(self, wish: StockWish) -> dict[str, Any]:
        """Return the wish, its product's name in the reader's language."""
        variant, product = wish.variant, wish.variant.product
        name = translated(product.name, product.translations)
        return {
            "variant": {
                "id": variant.pk,
                "sku": variant.sku,
                "name": variant.name,
                "product": {"id": product.pk, "slug": product.slug, "name": name},
            },
            "created_at": wish.created_at,
        }
