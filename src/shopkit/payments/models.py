"""Attempts to pay an order, what gateways told us, what went back, what needs a person."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shopkit.core.money import MoneyField
from shopkit.core.words import show_money
from shopkit.orders.models import Order


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Sets of payments."""

    def live(self) -> PaymentQuerySet:
        """Begun and not ended: money may still come."""
        return self.filter(status__in=LIVE)

    def overdue(self) -> PaymentQuerySet:
        """Live, and past their time by the database's clock."""
        return self.live().filter(expires_at__lte=Now())

    def locked(self, pk: uuid.UUID) -> Payment:
        """Return one payment, its row locked. Call it under its order's lock."""
        return self.select_for_update().get(pk=pk)


class Payment(models.Model):
    """An attempt to pay an order through one provider.

    serial -- a number of ours for gateways that want one; given when a gateway opens it
    provider -- key in ``SHOPKIT["PAYMENTS"]["PROVIDERS"]``
    amount -- what is to be paid; captured, refunded -- what came and what went back; refunding --
        what is on its way back
    reference -- the gateway's or the bank's id of the money; other_reference -- a second one
    gateway_time -- the gateway's own time of opening, ms since 1970
    started_at -- when the gateway answered that it can be paid; opened_at -- when it opened a
        transaction of its own; closed_at -- when it ended without money or all money went back
    reason -- the gateway's word for why it ended
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
    serial = models.BigIntegerField(
        pgettext_lazy("document", "number"), null=True, blank=True, unique=True, editable=False
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="payments", verbose_name=_("order")
    )
    provider = models.CharField(_("provider"), max_length=50)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    amount = MoneyField(_("amount"))
    captured = MoneyField(_("captured"), default=0)
    refunded = MoneyField(_("refunded"), default=0)
    refunding = MoneyField(_("on its way back"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    other_reference = models.CharField(_("second reference"), max_length=200, blank=True)
    redirect_url = models.URLField(_("payment page"), max_length=2000, blank=True)
    gateway_time = models.BigIntegerField(_("time of the gateway, ms"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    checked_at = models.DateTimeField(_("asked about at"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("staff member"),
    )

    objects = PaymentQuerySet.as_manager()
    client_secret = ""  # of the gateway's own widget; given to the customer and never kept

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="shopkit_payment_amount_gt_0"),
            models.CheckConstraint(
                condition=Q(captured__gte=0, refunded__gte=0, refunding__gte=0)
                & Q(captured__gte=F("refunded") + F("refunding")),
                name="shopkit_payment_refunds_lte_captured",
            ),
            # Starting again answers the live attempt, also when two starts race.
            models.UniqueConstraint(
                fields=("order", "provider"),
                condition=Q(status__in=("pending", "authorized")),
                name="shopkit_payment_one_live",
            ),
            # A gateway's transaction is one payment, also when two of its calls race. What staff
            # write down by hand may repeat.
            models.UniqueConstraint(
                fields=("provider", "reference"),
                condition=Q(opened_at__isnull=False),
                name="shopkit_payment_one_transaction",
            ),
        )
        indexes = (
            models.Index(fields=("provider", "reference"), name="shopkit_payment_reference"),
            models.Index(
                fields=("provider", "other_reference"),
                condition=~Q(other_reference=""),
                name="shopkit_payment_other",
            ),
            # A gateway's statement of a period.
            models.Index(
                fields=("provider", "gateway_time"),
                condition=Q(gateway_time__isnull=False),
                name="shopkit_payment_statement",
            ),
            # The job that ends what took too long, among all that was ever paid.
            models.Index(
                fields=("expires_at",),
                condition=Q(status__in=("pending", "authorized")),
                name="shopkit_payment_overdue",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider}: {show_money(self.amount, self.currency)}"

    @property
    def is_live(self) -> bool:
        """Money may still come."""
        return self.status in LIVE

    @property
    def refundable(self) -> Decimal:
        """What is left of the money that came and is not on its way back."""
        left: Decimal = self.captured - self.refunded - self.refunding
        return left


LIVE = (Payment.Status.PENDING, Payment.Status.AUTHORIZED)
CLOSED = (Payment.Status.FAILED, Payment.Status.EXPIRED, Payment.Status.CANCELLED)
SETTLED = (Payment.Status.PAID, Payment.Status.PARTIALLY_REFUNDED, Payment.Status.REFUNDED)


class GatewayEvent(models.Model):
    """The inbox: what a gateway told us, stored before it is answered and judged once.

    event_id -- the gateway's own, or one that is the same at every delivery
    name -- the gateway's word; kind -- ours
    facts -- what the rules need; data -- the payload for people, without secrets
    deliveries -- how often it came; refusal -- why the books did not follow it
    """

    provider = models.CharField(_("provider"), max_length=50)
    event_id = models.CharField(_("event"), max_length=200)
    name = models.CharField(_("name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=20)
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("payment"),
    )
    facts = models.JSONField(_("facts"), default=dict)
    data = models.JSONField(_("payload"), default=dict)
    deliveries = models.PositiveIntegerField(_("deliveries"), default=1)
    refusal = models.CharField(_("not followed because"), max_length=30, blank=True)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message of a gateway")
        verbose_name_plural = _("messages of gateways")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "event_id"), name="shopkit_gatewayevent_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("received_at",),
                condition=Q(handled_at=None),
                name="shopkit_gatewayevent_unhandled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.name or self.kind}"


class RefundQuerySet(models.QuerySet["Refund"]):
    """Sets of refunds."""

    def unfinished(self) -> RefundQuerySet:
        """Neither done nor given up: their amounts are on their way back."""
        return self.filter(status__in=UNFINISHED)

    def due(self) -> RefundQuerySet:
        """To be sent to the gateway now: their time, or the lease of who tried last, is over."""
        waiting = (Refund.Status.QUEUED, Refund.Status.PENDING)
        return self.filter(status__in=waiting, due_at__lte=Now())


class Refund(models.Model):
    """Money of one payment that goes back, or went.

    due_at -- when it is sent to the gateway, or looked after again
    reference -- the gateway's id; failure -- why it did not work, in the gateway's word
    """

    class Status(models.TextChoices):
        """Queued waits for its time, pending for the gateway, by hand for a person."""

        QUEUED = "queued", _("queued")
        PENDING = "pending", _("pending")
        BY_HAND = "by_hand", _("to be done by hand")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.QUEUED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("staff member"),
    )

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="shopkit_refund_amount_gt_0"),
            models.UniqueConstraint(
                fields=("payment", "reference"),
                condition=~Q(reference=""),
                name="shopkit_refund_one_reference",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(status__in=("queued", "pending")),
                name="shopkit_refund_due",
            ),
        )

    def __str__(self) -> str:
        return show_money(self.amount, self.currency)


UNFINISHED = (Refund.Status.QUEUED, Refund.Status.PENDING, Refund.Status.BY_HAND)


class PaymentReview(models.Model):
    """Something about money that a person must look at; nothing is done about it by itself.

    details -- what was found, JSON-ready
    """

    class Code(models.TextChoices):
        """Why."""

        WRONG_AMOUNT = "wrong_amount", _("money came, but not the amount that is due")
        WRONG_CURRENCY = "wrong_currency", _("money came in another currency")
        WRONG_REFERENCE = "wrong_reference", _("money came for another transaction or order")
        WRONG_MODE = "wrong_mode", _("test money for the real shop, or the other way round")
        UNKNOWN_PAYMENT = "unknown_payment", _("money came for a payment that is not there")
        UNKNOWN_ORDER = "unknown_order", _("money came for an order that is not there")
        PAID_CANCELLED = "paid_cancelled", _("money came for a cancelled order")
        PAID_TWICE = "paid_twice", _("the order was paid twice")
        CLOSED_AFTER_PAID = "closed_after_paid", _("the gateway says that a paid payment failed")
        REFUNDED_OUTSIDE = "refunded_outside", _("somebody gave it back at the gateway")
        REFUND_FAILED = "refund_failed", _("the gateway did not give it back")
        REFUND_BY_HAND = "refund_by_hand", _("somebody has to give it back by hand")
        DISPUTE = "dispute", _("the customer's bank contests it")

    code = models.CharField(_("why"), max_length=30, choices=Code)
    provider = models.CharField(_("provider"), max_length=50)
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("payment"),
    )
    event = models.ForeignKey(
        GatewayEvent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("message of a gateway"),
    )
    details = models.JSONField(_("details"), default=dict)
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("money to look at")
        verbose_name_plural = _("money to look at")
        ordering = ("-pk",)
        constraints = (
            # The same news delivered twice is one thing to look at.
            models.UniqueConstraint(
                fields=("event", "code"),
                condition=Q(event__isnull=False),
                name="shopkit_paymentreview_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider}: {self.code}"


class Receipt(models.Model):
    """A fiscal receipt of a payment or of its refund, as the tax office's register gave it.

    data -- what the gateway sent beside, without secrets
    """

    class Kind(models.TextChoices):
        """Of the sale, or of what went back."""

        PAYMENT = "payment", _("payment")
        REFUND = "refund", _("refund")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    receipt_id = models.CharField(pgettext_lazy("document", "number"), max_length=100, blank=True)
    fiscal_sign = models.CharField(_("fiscal sign"), max_length=100, blank=True)
    terminal_id = models.CharField(_("terminal"), max_length=100, blank=True)
    qr_code_url = models.URLField(_("QR code"), max_length=1000, blank=True)
    date = models.CharField(_("date"), max_length=50, blank=True)
    data = models.JSONField(_("data"), default=dict)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("fiscal receipt")
        verbose_name_plural = _("fiscal receipts")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("payment", "kind"), name="shopkit_receipt_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.fiscal_sign}"
