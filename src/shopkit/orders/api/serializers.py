"""Shapes of the order endpoints.

The fields of outputs are declared for the API's description; what is sent is built by hand, because
an order through DRF's fields costs as much as placing it.
"""

import math
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shopkit.catalog.models import Image
from shopkit.core.api.fields import KeyField, MoneyInput, MoneyOutput, PhoneInput, StrictInput
from shopkit.core.money import format_amount
from shopkit.core.storages import url_maker
from shopkit.orders.models import Order, OrderEvent, OrderLine
from shopkit.orders.moves import allowed_from, effect_of


class ContactInput(StrictInput):
    """Who receives the parcel; what is missing comes from the profile."""

    name = serializers.CharField(max_length=100, required=False)
    phone = PhoneInput(required=False)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)


class DegreesInput(serializers.FloatField):
    """A latitude or a longitude. DRF 3.16 takes "NaN" for a number, which no bound refuses."""

    def to_internal_value(self, data: Any) -> float:
        """Return the degrees."""
        degrees: float = super().to_internal_value(data)
        if not math.isfinite(degrees):
            self.fail("invalid")
        return degrees


class AddressInput(StrictInput):
    """Where the parcel goes."""

    country = serializers.CharField(max_length=100, required=False, allow_blank=True)
    region = serializers.CharField(max_length=100, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100)
    street = serializers.CharField(max_length=200)
    postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    latitude = DegreesInput(min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = DegreesInput(min_value=-180, max_value=180, required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PlaceOrderInput(StrictInput):
    """Everything an order needs beyond the cart."""

    contact = ContactInput(required=False)
    address = AddressInput(required=False)
    address_id = KeyField(required=False)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    item_ids = serializers.ListField(child=KeyField(), required=False, max_length=1000)
    expected_total = MoneyInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one address, not for none or two."""
        if ("address" in attrs) == ("address_id" in attrs):
            raise serializers.ValidationError(
                {"address": _("Give either address or address_id.")}, code="required"
            )
        return attrs


class CancelOrderInput(StrictInput):
    """Why, if anybody says so."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class MoveOrderInput(StrictInput):
    """Where to; empty for the usual next step."""

    status = serializers.ChoiceField(
        choices=Order.Status.choices, required=False, allow_blank=True, allow_null=True
    )
    tracking_number = serializers.CharField(max_length=100, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class OrderLineOutput(serializers.ModelSerializer[OrderLine]):
    """One line, as it was agreed."""

    unit_price = MoneyOutput()
    line_total = MoneyOutput()
    attributes = serializers.DictField(child=serializers.CharField(), read_only=True)
    image = serializers.CharField(allow_null=True, read_only=True)

    class Meta:
        model = OrderLine
        fields = (
            "id",
            "product_id",
            "variant_id",
            "sku",
            "name",
            "attributes",
            "image",
            "unit_price",
            "quantity",
            "line_total",
        )
        read_only_fields = fields


class OrderEventOutput(serializers.Serializer[OrderEvent]):
    """One step of the history."""

    at = serializers.DateTimeField()
    to = serializers.CharField(source="to_status")
    by = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """Add ``from``, which Python keeps for itself."""
        start = serializers.CharField(source="from_status", allow_blank=True)
        own = super().get_fields()
        return {"at": own["at"], "from": start, "to": own["to"], "by": own["by"]}


class AdjustmentOutput(serializers.Serializer[Any]):
    """What was added to or taken from the price of the goods."""

    kind = serializers.ChoiceField(choices=["discount", "shipping", "tax"])
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amount = serializers.CharField(help_text="Signed: a discount is negative.")


class OrderTotalsOutput(serializers.Serializer[Order]):
    """total = subtotal - discount + shipping + tax."""

    subtotal = MoneyOutput()
    discount = MoneyOutput()
    shipping = MoneyOutput()
    tax = MoneyOutput()
    total = MoneyOutput()


class OrderContactOutput(serializers.Serializer[Order]):
    """Who receives the parcel."""

    name = serializers.CharField(source="contact_name")
    phone = serializers.CharField(source="contact_phone")
    email = serializers.CharField(source="contact_email", allow_blank=True)


class OrderOutput(serializers.ModelSerializer[Order]):
    """An order, as its owner and staff see it."""

    items = OrderLineOutput(many=True, source="all_lines")
    adjustments = AdjustmentOutput(many=True)
    totals = OrderTotalsOutput(source="*")
    contact = OrderContactOutput(source="*")
    address = serializers.DictField()
    history = OrderEventOutput(many=True, source="all_events")
    refund_due = serializers.SerializerMethodField()
    can_cancel = serializers.SerializerMethodField()
    can_pay = serializers.SerializerMethodField()
    metadata = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            "number",
            "status",
            "payment_status",
            "currency",
            "items",
            "adjustments",
            "totals",
            "contact",
            "address",
            "note",
            "placed_at",
            "expires_at",
            "history",
            "tracking_number",
            "refund_due",
            "can_cancel",
            "can_pay",
            "metadata",
        )
        read_only_fields = fields

    def to_representation(self, order: Order) -> dict[str, Any]:
        """Return the order."""
        return {
            "number": order.number,
            "status": order.status,
            "payment_status": order.payment_status,
            "currency": order.currency,
            "items": [_line(line, order.currency) for line in order.all_lines],
            "adjustments": [
                {name: one[name] for name in ("kind", "code", "label", "amount")}
                for one in order.adjustments
            ],
            "totals": _totals(order),
            "contact": {
                "name": order.contact_name,
                "phone": order.contact_phone,
                "email": order.contact_email,
            },
            "address": order.address,
            "note": order.note,
            "placed_at": _moment(order.placed_at),
            "expires_at": _moment(order.expires_at),
            "history": [_event(event) for event in order.all_events],
            "tracking_number": order.tracking_number,
            "refund_due": self.get_refund_due(order),
            "can_cancel": self.get_can_cancel(order),
            "can_pay": self.get_can_pay(order),
            "metadata": self.get_metadata(order),
        }

    def get_refund_due(self, order: Order) -> str:
        """Return the money we hold for a cancelled order."""
        return format_amount(order.refund_due, order.currency)

    def get_can_cancel(self, order: Order) -> bool:
        """Say whether the table of moves still leads to "cancelled"."""
        return effect_of(order.status, Order.Status.CANCELLED) is not None

    def get_can_pay(self, order: Order) -> bool:
        """Say whether money is still expected."""
        is_open = order.status != Order.Status.CANCELLED and bool(allowed_from(order.status))
        return is_open and order.payment_status in {
            Order.PaymentStatus.UNPAID,
            Order.PaymentStatus.PENDING,
        }

    def get_metadata(self, order: Order) -> dict[str, Any]:
        """Return the public part; names that begin with "_" are the shop's own."""
        return {name: value for name, value in order.metadata.items() if name[:1] != "_"}


class PlacedOrderOutput(OrderOutput):
    """A new order; a guest gets the token that opens it, once."""

    token = serializers.CharField(required=False, help_text="Only for guests.")

    class Meta(OrderOutput.Meta):
        fields = (*OrderOutput.Meta.fields, "token")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


TOTALS = ("subtotal", "discount", "shipping", "tax", "total")
MOMENT = serializers.DateTimeField()


def _line(line: OrderLine, currency: str) -> dict[str, Any]:
    return {
        "id": line.pk,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "sku": line.sku,
        "name": line.name,
        "attributes": line.attributes,
        "image": _address_of(line),
        "unit_price": format_amount(line.unit_price, currency),
        "quantity": line.quantity,
        "line_total": format_amount(line.line_total, currency),
    }


def _address_of(line: OrderLine) -> str | None:
    """Return where the picture is; None where there was none, or it has been deleted since."""
    image = line.image
    if image.startswith("/") or "://" in image:
        return image
    # A line that has just been written was not asked for its picture, which was there a moment ago.
    if not image or not getattr(line, "has_picture", True):
        return None
    return url_maker(Image._meta.get_field("file").storage)(image)


def _totals(order: Order) -> dict[str, str]:
    return {name: format_amount(getattr(order, name), order.currency) for name in TOTALS}


def _event(event: OrderEvent) -> dict[str, Any]:
    return {
        "at": _moment(event.at),
        "from": event.from_status,
        "to": event.to_status,
        "by": event.by,
    }


def _moment(value: datetime | None) -> Any:
    return None if value is None else MOMENT.to_representation(value)
