"""Types of products: which attributes a phone has, and which a shirt."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .noted import NotedRows
from .translated import Translated


class ProductType(Translated):
    """A kind of product, by the attributes that belong to it.

    A product of a type has values of these attributes only, itself and in its active variants.
    A product without a type may have any.
    """

    translatable = ("name",)

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("product type")
        verbose_name_plural = _("product types")
        ordering = ("name", "code")

    def __str__(self) -> str:
        return self.name


class ProductTypeAttribute(models.Model):
    """One attribute of a type.

    is_required -- an active product has a value of it, itself or in each of its active variants
    """

    type = models.ForeignKey(
        ProductType, on_delete=models.CASCADE, related_name="members", verbose_name=_("type")
    )
    attribute = models.ForeignKey(
        Attribute, on_delete=models.CASCADE, related_name="+", verbose_name=_("attribute")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    is_required = models.BooleanField(_("required"), default=False)

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("type's attribute")
        verbose_name_plural = _("type's attributes")
        ordering = ("type_id", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("type", "attribute"), name="shopkit_producttypeattribute_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.attribute)
