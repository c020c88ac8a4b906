"""Products that the shopkeeper shows beside another one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .noted import NotedRows
from .products import Product


class RelatedProduct(models.Model):
    """``related`` is shown on the page of ``product``, before what is found by itself."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="related_products")
    related = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="+", verbose_name=_("related product")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("related product")
        verbose_name_plural = _("related products")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "related"), name="shopkit_relatedproduct_once"
            ),
            models.CheckConstraint(
                condition=~Q(product=F("related")),
                name="shopkit_relatedproduct_not_itself",
                violation_error_message=_("A product is not related to itself."),
            ),
        )

    def __str__(self) -> str:
        return str(self.related)
