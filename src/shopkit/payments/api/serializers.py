"""Shapes of the payment endpoints."""

from typing import Any

from rest_framework import serializers

from shopkit.core.api.fields import MoneyInput, StrictInput
from shopkit.core.money import format_amount
from shopkit.payments.models import Payment, Receipt, Refund


class ProviderOutput(serializers.Serializer[Any]):
    """A way to pay."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["redirect", "client", "offline"])
    currencies = serializers.ListField(child=serializers.CharField())
    window_minutes = serializers.IntegerField(allow_null=True)


class StartPaymentInput(StrictInput):
    """How to pay, and where to come back to."""

    provider = serializers.CharField(max_length=50)
    return_url = serializers.URLField(max_length=2000, required=False)
    cancel_url = serializers.URLField(max_length=2000, required=False)


class MarkPaidInput(StrictInput):
    """What staff received."""

    reference = serializers.CharField(max_length=200, required=False, allow_blank=True)
    amount = MoneyInput(required=False)


class ReceiptOutput(serializers.ModelSerializer[Receipt]):
    """A fiscal receipt; the link leads to it in the tax office's register."""

    class Meta:
        model = Receipt
        fields = ("kind", "receipt_id", "fiscal_sign", "terminal_id", "qr_code_url", "date")
        read_only_fields = fields


class PaymentOutput(serializers.ModelSerializer[Payment]):
    """One attempt to pay."""

    receipts = ReceiptOutput(many=True)
    amount = serializers.SerializerMethodField()
    redirect_url = serializers.SerializerMethodField()
    client_secret = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = (
            "id",
            "provider",
            "status",
            "amount",
            "currency",
            "redirect_url",
            "client_secret",
            "expires_at",
            "receipts",
        )
        read_only_fields = fields

    def get_amount(self, payment: Payment) -> str:
        """Return the amount in the payment's currency."""
        return format_amount(payment.amount, payment.currency)

    def get_redirect_url(self, payment: Payment) -> str | None:
        """Return where to send the customer, if anywhere."""
        return payment.redirect_url or None

    def get_client_secret(self, payment: Payment) -> str | None:
        """Return what the gateway's widget needs; only the answer to a start has it."""
        return payment.client_secret or None


class RefundInput(StrictInput):
    """How much goes back, of which payment, and why."""

    amount = MoneyInput(required=False)
    reason = serializers.CharField(max_length=200)
    payment_id = serializers.UUIDField(required=False)


class RefundOutput(serializers.ModelSerializer[Refund]):
    """Money that goes back; ``pending`` until the gateway or a person has done it."""

    payment_id = serializers.UUIDField()
    amount = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()

    class Meta:
        model = Refund
        fields = ("id", "payment_id", "amount", "currency", "status", "reason")
        read_only_fields = fields

    def get_amount(self, refund: Refund) -> str:
        """Return the amount in the refund's currency."""
        return format_amount(refund.amount, refund.currency)

    def get_status(self, refund: Refund) -> str:
        """Return the status as clients know it: one that waits for its time is pending too."""
        return "pending" if refund.status == Refund.Status.QUEUED else refund.status
