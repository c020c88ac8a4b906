"""Attributes: made in the admin, without code or a migration."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .noted import NotedRows
from .products import Product, Variant
from .translated import Translated


class Attribute(Translated):
    """A property that products or variants have: colour, memory, material.

    is_variant -- its values tell the variants of a product apart
    is_filterable -- lists can be filtered by it
    unit -- of a number: "GB"
    """

    class Type(models.TextChoices):
        """What values look like."""

        CHOICE = "choice", _("choice")
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        BOOLEAN = "boolean", _("yes or no")
        COLOUR = "colour", _("colour")

    translatable = ("name",)

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    type = models.CharField(_("type"), max_length=10, choices=Type, default=Type.CHOICE)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    is_variant = models.BooleanField(_("makes variants"), default=False)
    is_filterable = models.BooleanField(_("filterable"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(type__in=("choice", "text", "number", "boolean", "colour")),
                name="shopkit_attribute_type_known",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AttributeValue(Translated):
    """One value that products or variants may have; typed ones are stored as text and number.

    value -- as written: "Red", "16", "true"
    number -- the same as ten-thousandths for attributes of type number, to compare by
    colour -- "#rrggbb" in lower case, for attributes of type colour; "" where no one colour shows
        it: "Striped"
    """

    translatable = ("value",)

    attribute = models.ForeignKey(
        Attribute, on_delete=models.CASCADE, related_name="values", verbose_name=_("attribute")
    )
    value = models.CharField(_("value"), max_length=200)
    number = models.BigIntegerField(_("number"), null=True, blank=True, editable=False)
    colour = models.CharField(
        _("colour"), max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("attribute value")
        verbose_name_plural = _("attribute values")
        ordering = ("attribute_id", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("attribute", "value"), name="shopkit_attributevalue_once"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="shopkit_attributevalue_not_blank"),
            models.CheckConstraint(
                condition=Q(colour="") | Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="shopkit_attributevalue_colour",
            ),
        )
        # What a range of numbers is looked up in.
        indexes = (
            models.Index(
                fields=("attribute", "number"),
                name="shopkit_value_number",
                condition=Q(number__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.value


class ProductAttributeValue(models.Model):
    """The value a product has for one attribute."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey(AttributeValue, on_delete=models.PROTECT, related_name="+")

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("product's value")
        verbose_name_plural = _("product's values")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "attribute"), name="shopkit_productattributevalue_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id}: {self.value_id}"


class VariantAttributeValue(models.Model):
    """The value a variant has for one attribute."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey(AttributeValue, on_delete=models.PROTECT, related_name="+")

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("variant's value")
        verbose_name_plural = _("variant's values")
        constraints = (
            models.UniqueConstraint(
                fields=("variant", "attribute"), name="shopkit_variantattributevalue_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.value_id}"
