"""What tells a web process that what it counts facets from has changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FacetChange(models.Model):
    """A product whose facets a transaction has changed.

    Written by triggers of PostgreSQL (``shopkit.catalog.triggers``) and by nobody else, in the
    transaction of the change; empty on other engines. Rows are added and never changed, so no
    writer waits for another.

    transaction -- number of the transaction (xid8)
    product_key -- of a product, there or not; None: everything may have changed
    """

    transaction = models.BigIntegerField(_("transaction"))
    product_key = models.BigIntegerField(_("product"), null=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of facets")
        verbose_name_plural = _("changes of facets")
        indexes = (
            models.Index(fields=("transaction",), name="shopkit_facetchange_reading"),
            # The purge walks them from the oldest.
            models.Index(fields=("changed_at",), name="shopkit_facetchange_purge"),
        )

    def __str__(self) -> str:
        return f"{self.transaction}: {self.product_key}"
