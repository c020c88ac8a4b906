"""Orders: what was agreed, frozen; and what happened to it since."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shopkit.catalog.models import Product, Variant
from shopkit.core.money import MoneyField


def _open_unpaid() -> Q:
    return Q(
        status=Order.Status.PLACED,
        payment_status__in=(Order.PaymentStatus.UNPAID, Order.PaymentStatus.PENDING),
        confirmed_at=None,
    )


class OrderQuerySet(models.QuerySet["Order"]):
    """Sets of orders."""

    def of_user(self, user: Any) -> OrderQuerySet:
        """The orders of a signed-in user."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def open_unpaid(self) -> OrderQuerySet:
        """Placed, not paid, not confirmed by staff: they hold stock for a promise."""
        return self.filter(_open_unpaid())

    def sold(self) -> OrderQuerySet:
        """Paid, or confirmed by staff, and neither cancelled nor returned."""
        given_back = Q(status__in=(Order.Status.CANCELLED, Order.Status.RETURNED))
        return self.exclude(_open_unpaid() | given_back)

    def due(self) -> OrderQuerySet:
        """Open, unpaid, and past their time by the database's clock."""
        return self.open_unpaid().filter(expires_at__lte=Now())

    def locked(self, pk: int) -> Order:
        """Return one order, its row locked. Call it inside a transaction."""
        return self.select_for_update().get(pk=pk)


class Order(models.Model):
    """A purchase. Everything the customer agreed to is copied here and never recomputed.

    number -- public, random: "7K3M9-QX2TD"
    adjustments -- [{"kind", "code", "label", "amount": decimal text}]
    address -- {"city", "street", ...} as given
    paid_total -- received minus given back; written by payments
    refund_due -- money we hold for an order that was cancelled; payments works it off
    client_address -- network address that limits count by
    quote_fingerprint -- of the quote that was agreed to; the books can be checked against it
    cart_owner, cart_version -- the state of the cart that became this order; only one order can
    cart_turn -- the first order of this cart's owner is 1; two that looked at the cart before
        either was placed have the same turn, and only one order can
    is_in_cart -- until what was ordered has left the cart
    """

    class Status(models.TextChoices):
        """Where the parcel is."""

        PLACED = "placed", pgettext_lazy("order", "placed")
        PROCESSING = "processing", pgettext_lazy("order", "processing")
        SHIPPED = "shipped", pgettext_lazy("order", "shipped")
        DELIVERED = "delivered", pgettext_lazy("order", "delivered")
        CANCELLED = "cancelled", pgettext_lazy("order", "cancelled")
        RETURNED = "returned", pgettext_lazy("order", "returned")

    class PaymentStatus(models.TextChoices):
        """Where the money is."""

        UNPAID = "unpaid", _("unpaid")
        PENDING = "pending", _("pending")
        PAID = "paid", _("paid")
        PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")
        REFUNDED = "refunded", _("refunded")

    number = models.CharField(pgettext_lazy("document", "number"), max_length=16, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PLACED)
    payment_status = models.CharField(
        _("payment"), max_length=20, choices=PaymentStatus, default=PaymentStatus.UNPAID
    )
    currency = models.CharField(_("currency"), max_length=3)
    subtotal = MoneyField(_("subtotal"))
    discount = MoneyField(_("discount"), default=0)
    shipping = MoneyField(_("shipping"), default=0)
    tax = MoneyField(_("tax"), default=0)
    total = MoneyField(_("total"))
    paid_total = MoneyField(_("paid"), default=0)
    refund_due = MoneyField(_("refund due"), default=0)
    adjustments = models.JSONField(_("adjustments"), default=list)
    contact_name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    contact_phone = models.CharField(_("phone"), max_length=16)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    address = models.JSONField(_("address"))
    note = models.CharField(_("note"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    placed_at = models.DateTimeField(_("placed at"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    client_address = models.CharField(max_length=50, blank=True, editable=False)
    quote_fingerprint = models.CharField(max_length=64, editable=False)
    cart_owner = models.CharField(max_length=100, editable=False)
    cart_version = models.CharField(max_length=32, editable=False)
    cart_turn = models.PositiveIntegerField(editable=False)
    is_in_cart = models.BooleanField(default=True, editable=False)
    metadata = models.JSONField(_("metadata"), default=dict, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-placed_at", "-pk")
        permissions = (("move_order", _("Can move orders from state to state")),)
        constraints = (
            models.UniqueConstraint(
                fields=("cart_owner", "cart_version"), name="shopkit_order_once_per_cart_version"
            ),
            models.UniqueConstraint(
                fields=("cart_owner", "cart_turn"), name="shopkit_order_once_per_cart_turn"
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount") + F("shipping") + F("tax")),
                name="shopkit_order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    subtotal__gte=0, discount__gte=0, shipping__gte=0, tax__gte=0, total__gte=0
                ),
                name="shopkit_order_amounts_gte_0",
            ),
            models.CheckConstraint(
                condition=Q(paid_total__gte=0, refund_due__gte=0)
                & Q(refund_due__lte=F("paid_total")),
                name="shopkit_order_refund_due_lte_paid",
            ),
        )
        indexes = (
            models.Index(fields=("user", "-placed_at", "-id"), name="shopkit_order_of_user"),
            models.Index(fields=("-placed_at", "-id"), name="shopkit_order_newest"),
            # Expiry and the caps look only at the few that are open.
            models.Index(
                fields=("expires_at",),
                condition=Q(status="placed", confirmed_at=None),
                name="shopkit_order_open_expiry",
            ),
            models.Index(
                fields=("contact_phone",),
                condition=Q(status="placed", confirmed_at=None),
                name="shopkit_order_open_phone",
            ),
            models.Index(
                fields=("client_address",),
                condition=Q(status="placed", confirmed_at=None),
                name="shopkit_order_open_address",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @cached_property
    def all_lines(self) -> list[OrderLine]:
        """The lines; a service that has them in hand assigns them."""
        return list(self.lines.all())

    @cached_property
    def all_events(self) -> list[OrderEvent]:
        """The history, oldest first; a service that has it in hand assigns it."""
        return list(self.events.all())

    @property
    def stock_owner(self) -> str:
        """The name under which inventory holds this order's units."""
        return f"order:{self.number}"


class OrderLine(models.Model):
    """Units of one variant in an order, as they were when it was placed.

    image -- name of the product's picture in its storage, which may sign addresses anew each time;
        orders of before have an address
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(_("SKU"), max_length=64)
    name = models.CharField(_("name"), max_length=402)
    attributes = models.JSONField(_("attributes"), default=dict)
    image = models.CharField(_("image"), max_length=500, blank=True)
    unit_price = MoneyField(_("unit price"))
    quantity = models.PositiveIntegerField(_("quantity"))
    line_total = MoneyField(_("line total"))
    ikpu = models.CharField(_("IKPU"), max_length=17, blank=True)
    package_code = models.CharField(_("package code"), max_length=20, blank=True)
    vat_percent = models.PositiveSmallIntegerField(_("VAT, percent"), null=True, blank=True)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shopkit_orderline_quantity_gt_0"
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="shopkit_orderline_price_gte_0"
            ),
            models.CheckConstraint(
                condition=Q(line_total=F("unit_price") * F("quantity")),
                name="shopkit_orderline_total_adds_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"


class OrderEvent(models.Model):
    """Something that happened to an order; rows are only ever added.

    by -- who did it, in words for people: "customer", "staff", "system", a gateway's name
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("at"), db_default=Now())
    from_status = models.CharField(_("from"), max_length=20, blank=True)
    to_status = models.CharField(_("to"), max_length=20)
    by = models.CharField(_("by"), max_length=50)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("staff member"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{status_name(self.from_status)} → {status_name(self.to_status)}"


def status_name(code: str) -> str:
    """Return what a status is called in the active language."""
    return str(dict(Order.Status.choices).get(code, code))
