"""Shapes of the stock endpoint."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shopkit.core.api.fields import StrictInput
from shopkit.inventory.models import StockItem
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
