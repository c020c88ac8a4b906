"""Payments: one row per attempt to pay an order."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shopkit.core.money import MoneyField
from shopkit.orders.models import Order


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Sets of payments."""

    def live(self) -> PaymentQuerySet:
        """Begun and not ended: money may still come."""
        return self.filter(status=Payment.Status.PENDING)


class Payment(models.Model):
    """An attempt to pay an order through one provider.

    provider -- key in ``SHOPKIT["PAYMENTS"]["PROVIDERS"]``
    amount -- what is to be paid; captured, refunded -- what came and what went back
    reference -- the gateway's or the bank's id of the money
    """

    class Status(models.TextChoices):
        """Never moves backwards."""

        PENDING = "pending", _("pending")
        AUTHORIZED = "authorized", _("authorized")
        PAID = "paid", _("paid")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")
        REFUNDED = "refunded", _("refunded")
        PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="payments", verbose_name=_("order")
    )
    provider = models.CharField(_("provider"), max_length=50)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    amount = MoneyField(_("amount"))
    captured = MoneyField(_("captured"), default=0)
    refunded = MoneyField(_("refunded"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    redirect_url = models.URLField(_("payment page"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="shopkit_payment_amount_gt_0"),
            models.CheckConstraint(
                condition=Q(captured__gte=0, refunded__gte=0)
                & Q(refunded__lte=models.F("captured")),
                name="shopkit_payment_refunded_lte_captured",
            ),
            # Starting again answers the live attempt, also when two starts race.
            models.UniqueConstraint(
                fields=("order", "provider"),
                condition=Q(status="pending"),
                name="shopkit_payment_one_live",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.amount} {self.currency}"
