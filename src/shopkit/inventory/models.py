"""Stock: how much there is, how much is held, and every change of the first."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Variant


class StockItemQuerySet(models.QuerySet["StockItem"]):
    """Sets of stock items."""

    def of_variants(self, variants: list[int]) -> StockItemQuerySet:
        """The items of these variants, in the order in which locks are taken."""
        return self.filter(variant_id__in=variants).order_by("pk")

    def locked(self, variants: list[int]) -> StockItemQuerySet:
        """The same, their rows locked in key order, so that nobody deadlocks."""
        return self.of_variants(variants).select_for_update()


class StockItem(models.Model):
    """How many units of one variant there are.

    on_hand -- on the shelf
    reserved -- of those, held by orders; the rest is available
    """

    variant = models.OneToOneField(
        Variant, on_delete=models.CASCADE, related_name="stock_item", verbose_name=_("variant")
    )
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)

    objects = StockItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(on_hand__gte=0), name="shopkit_stockitem_on_hand_gte_0"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0), name="shopkit_stockitem_reserved_gte_0"
            ),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")),
                name="shopkit_stockitem_reserved_lte_on_hand",
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.on_hand} − {self.reserved}"

    @property
    def available(self) -> int:
        """Units that can still be promised to somebody."""
        return self.on_hand - self.reserved


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Sets of reservations."""

    def open_of(self, owner: str) -> ReservationQuerySet:
        """What ``owner`` still holds."""
        return self.filter(owner=owner, state=Reservation.State.OPEN)


class Reservation(models.Model):
    """Units held for somebody until they are taken or given back.

    owner -- what holds them: "order:7K3M9-QX2TD"
    """

    class State(models.TextChoices):
        """Open until exactly one of the other two."""

        OPEN = "open", _("open")
        CONSUMED = "consumed", _("consumed")
        RELEASED = "released", _("released")

    item = models.ForeignKey(
        StockItem,
        on_delete=models.CASCADE,
        related_name="reservations",
        verbose_name=_("stock item"),
    )
    owner = models.CharField(_("owner"), max_length=100)
    quantity = models.PositiveIntegerField(_("quantity"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("owner", "item"), name="shopkit_reservation_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shopkit_reservation_quantity_gt_0"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state__in=("consumed", "released"), closed_at__isnull=False),
                name="shopkit_reservation_closed_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner}: {self.quantity}"


class Movement(models.Model):
    """One change of ``on_hand``; rows are only ever added.

    reference -- what caused it: an order's owner text, an import, or empty
    """

    class Reason(models.TextChoices):
        """Why units came or went."""

        INITIAL = "initial", _("first stock")
        ADJUSTED = "adjusted", _("adjusted by staff")
        SOLD = "sold", _("sold")
        IMPORTED = "imported", _("imported")

    item = models.ForeignKey(
        StockItem,
        on_delete=models.CASCADE,
        related_name="movements",
        verbose_name=_("stock item"),
    )
    delta = models.IntegerField(_("change"))
    on_hand_after = models.PositiveIntegerField(_("on hand afterwards"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("staff member"),
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(delta=0), name="shopkit_movement_delta_not_0"),
        )

    def __str__(self) -> str:
        return f"{self.delta:+d} ({self.reason})"


class StockWish(models.Model):
    """A user wants to be told when a variant that is sold out can be had again.

    The row goes when he is told, and when he has changed his mind.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("customer"),
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, related_name="stock_wishes", verbose_name=_("variant")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("wish for stock")
        verbose_name_plural = _("wishes for stock")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("user", "variant"), name="shopkit_stockwish_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.variant_id}"
