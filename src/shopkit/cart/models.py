"""Carts of the database store. Other stores keep them elsewhere."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shopkit.core.money import MoneyField


class Cart(models.Model):
    """One owner's cart.

    owner -- "user:5", or "guest:" and the hash of a guest's secret
    version -- changes with every change and never comes back
    """

    owner = models.CharField(_("owner"), max_length=100, unique=True)
    version = models.CharField(_("version"), max_length=32)
    updated_at = models.DateTimeField(_("updated at"), db_default=Now())

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        indexes = (models.Index(fields=("updated_at",), name="shopkit_cart_updated"),)

    def __str__(self) -> str:
        return self.owner


class CartLine(models.Model):
    """Units of one variant in a cart.

    variant_id -- no foreign key: a variant that is gone is shown as a problem, not lost in silence
    price_seen -- what one unit cost when its owner last touched the line; never charged
    """

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant_id = models.BigIntegerField(_("variant"))
    quantity = models.PositiveIntegerField(_("quantity"))
    price_seen = MoneyField(_("price when added"))

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("cart", "variant_id"), name="shopkit_cartline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shopkit_cartline_quantity_gt_0"
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant_id} × {self.quantity}"


class CartRemoval(models.Model):
    """What was ordered left the cart: once per order, however often the news arrives."""

    owner = models.CharField(_("owner"), max_length=100)
    reference = models.CharField(_("reference"), max_length=100)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("removal of ordered lines")
        verbose_name_plural = _("removals of ordered lines")
        constraints = (
            models.UniqueConstraint(fields=("owner", "reference"), name="shopkit_cartremoval_once"),
        )
        indexes = (models.Index(fields=("at",), name="shopkit_cartremoval_at"),)

    def __str__(self) -> str:
        return self.reference


class CartTrace(models.Model):
    """That a user has a cart, written by stores that may lose it: what is gone can be missed.

    seen_at -- renewed now and then while the cart is in use
    """

    owner = models.CharField(_("owner"), max_length=100, unique=True)
    seen_at = models.DateTimeField(_("seen at"), db_default=Now())

    class Meta:
        verbose_name = _("trace of a cart")
        verbose_name_plural = _("traces of carts")

    def __str__(self) -> str:
        return self.owner
