"""Products, their variants and pictures, and the listing that makes lists fast."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shopkit.core.money import MoneyField

from .cards import RELEVANCE, CardRows, DetailRows, FoundRows
from .categories import Category, ref_condition
from .noted import NotedQuerySet, NotedRows
from .translated import Translated

not_all_digits = RegexValidator(
    r"^\d+$",
    _("A slug of digits alone would read as an id."),
    code="all_digits",
    inverse_match=True,
)

# What ``core.images.clean_image`` calls a picture.
OUR_NAME = re.compile(r"[0-9a-f]{32}\.webp")


class ProductQuerySet(NotedQuerySet["Product"]):
    """Sets of products."""

    def on_sale(self) -> ProductQuerySet:
        """What anybody may see and buy; a constraint says that what is deleted is not active."""
        return self.filter(is_active=True)

    def kept(self) -> ProductQuerySet:
        """Not taken off sale for ever; hidden ones included."""
        return self.filter(deleted_at=None)

    def by_ref(self, ref: str) -> ProductQuerySet:
        """The one that a link means: by key when ``ref`` is digits, else by slug."""
        return self.filter(ref_condition(ref))

    def cards(self) -> models.QuerySet[Product, Any]:
        """The same rows as ``Card`` tuples: what a list shows, in one statement."""
        return self._as(CardRows)

    def details(self) -> models.QuerySet[Product, Any]:
        """The same rows as ``Detail`` tuples, with what only the product's own page shows."""
        return self._as(DetailRows)

    def by_relevance(self, relevance: Any) -> models.QuerySet[Product, Any]:
        """The same rows, the best answers to a search first; cards say how good they are.

        relevance -- an expression, the higher the better
        """
        found: Any = self.annotate(**{RELEVANCE: relevance}).order_by(f"-{RELEVANCE}", "-pk")
        if found._iterable_class is CardRows:
            found._iterable_class = FoundRows
        return found  # type: ignore[no-any-return]

    def _as(self, kind: Any) -> models.QuerySet[Product, Any]:
        rows: Any = self._chain()  # type: ignore[attr-defined]
        rows._iterable_class = kind
        return rows  # type: ignore[no-any-return]


class Product(Translated):
    """Something that is sold, in one or several variants; never without one.

    The columns below "cached" repeat what stands in other rows, so that a page of products is one
    statement. Only ``shopkit.catalog.services.cached`` and ``.opinions`` write them, in the
    transaction that changes their source and under this row's lock.

    translations -- {language: {"name": text, "description": text}}
    metadata -- flat, for the site
    rating_avg -- hundredths, half up: 425 is 4.25
    """

    translatable = ("name", "description")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=120, unique=True, validators=[not_all_digits])
    description = models.TextField(_("description"), blank=True, max_length=20_000)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="primary_products",
        verbose_name=_("primary category"),
    )
    categories = models.ManyToManyField(
        Category, blank=True, related_name="products", verbose_name=_("categories")
    )
    type = models.ForeignKey(
        "ProductType",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("type"),
        help_text=_("Says which attributes the product has; without one it may have any."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    deleted_at = models.DateTimeField(_("taken off sale at"), null=True, blank=True, editable=False)
    metadata = models.JSONField(_("metadata"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    # Cached.
    price = MoneyField(_("price"), default=0, editable=False)
    sale_price = MoneyField(_("sale price"), null=True, blank=True, editable=False)
    price_min = MoneyField(_("lowest price"), default=0, editable=False)
    price_max = MoneyField(_("highest price"), default=0, editable=False)
    on_sale = models.BooleanField(_("on sale"), default=False, editable=False)
    in_stock = models.BooleanField(_("in stock"), default=False, editable=False)
    sole_variant = models.ForeignKey(
        "Variant", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    primary_image = models.ForeignKey(
        "Image", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    rating_avg = models.PositiveSmallIntegerField(_("average rating"), default=0, editable=False)
    rating_count = models.PositiveIntegerField(_("ratings"), default=0, editable=False)
    rating_sum = models.PositiveBigIntegerField(_("sum of ratings"), default=0, editable=False)
    likes_count = models.PositiveIntegerField(_("likes"), default=0, editable=False)
    popularity = models.PositiveIntegerField(_("popularity"), default=0, editable=False)
    search_key = models.TextField(_("search key"), blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(slug__regex=r"^\d+$"), name="shopkit_product_slug_no_id"
            ),
            models.CheckConstraint(
                condition=Q(price_min__gte=0) & Q(price_max__gte=F("price_min")),
                name="shopkit_product_price_range",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(is_active=False),
                name="shopkit_product_deleted_inactive",
            ),
        )
        # One per public ordering, each with the key that keyset paging continues from.
        indexes = tuple(
            models.Index(fields=fields, name=f"shopkit_product_{name}", condition=Q(is_active=True))
            for name, fields in {
                "newest": ("-created_at", "-id"),
                "price": ("price_min", "id"),
                "name": ("name", "id"),
                "rating": ("-rating_avg", "-id"),
                "popular": ("-popularity", "-id"),
            }.items()
        )

    def __str__(self) -> str:
        return self.name


class VariantQuerySet(NotedQuerySet["Variant"]):
    """Sets of variants."""

    def on_sale(self) -> VariantQuerySet:
        """What can be put in a cart, stock apart."""
        return self.filter(is_active=True, product__is_active=True, product__deleted_at=None)


class Variant(models.Model):
    """One thing that can be put in a cart: a product in one size and colour.

    Variants are never deleted, only switched off: order lines point at them.

    combination -- canonical text of the values that tell it from its siblings: "colour=red|size=m"
    weight -- grams
    ikpu, package_code, vat_percent -- fiscal data of Uzbekistan's tax office, per unit sold
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="variants", verbose_name=_("product")
    )
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    barcode = models.CharField(_("barcode"), max_length=64, blank=True)
    name = models.CharField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("Such as “Red, M”; made from its values."),
    )
    price = MoneyField(
        _("price"),
        validators=[MinValueValidator(0)],
        help_text=_("For one unit, tax included, in the shop's currency."),
    )
    sale_price = MoneyField(
        _("sale price"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Lower than the price; empty when not on sale."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    weight = models.PositiveIntegerField(_("weight, grams"), default=0)
    ikpu = models.CharField(
        _("IKPU"), max_length=17, blank=True, validators=[RegexValidator(r"^\d{17}$")]
    )
    package_code = models.CharField(
        _("package code"), max_length=20, blank=True, validators=[RegexValidator(r"^\d+$")]
    )
    vat_percent = models.PositiveSmallIntegerField(
        _("VAT, percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    combination = models.CharField(max_length=500, blank=True, editable=False)
    metadata = models.JSONField(_("metadata"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ("product_id", "position", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(price__gte=0), name="shopkit_variant_price_gte_0"),
            models.CheckConstraint(
                condition=Q(sale_price=None) | Q(sale_price__gte=0, sale_price__lt=F("price")),
                name="shopkit_variant_sale_price_lower",
                violation_error_code="sale_price_not_lower",
                violation_error_message=_("The sale price must be lower than the price."),
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="shopkit_variant_sku_not_blank"),
            models.CheckConstraint(
                condition=Q(vat_percent=None) | Q(vat_percent__lte=100),
                name="shopkit_variant_vat_lte_100",
            ),
            models.UniqueConstraint(
                fields=("product", "combination"),
                condition=Q(is_active=True),
                name="shopkit_variant_one_per_combination",
            ),
        )

    def __str__(self) -> str:
        return self.sku

    @property
    def unit_price(self) -> Decimal:
        """What one unit costs today."""
        return self.price if self.sale_price is None else self.sale_price  # type: ignore[no-any-return]

    @property
    def full_name(self) -> str:
        """Product and variant in one line: "T-shirt, Red, M"."""
        return f"{self.product.name}, {self.name}" if self.name else self.product.name


def image_path(_image: Any, name: str) -> str:
    """Return where in the storage a file goes: a folder for each 256th of our random names.

    So that nobody ever has to look at all of them at once.
    """
    return f"products/{name[:2]}/{name}" if OUR_NAME.fullmatch(name) else f"products/{name}"


class Image(Translated):
    """A picture of a product, or of one of its variants.

    position -- place among the product's pictures, from 0; the first is the primary one
    sizes -- {name: name in the storage} of the smaller pictures; the file's own where it is no
        larger than that
    sized_for -- which setting of sizes these were made for; "" before they are made
    source -- the URL that an import fetched it from
    """

    translatable = ("alt",)

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="images", verbose_name=_("product")
    )
    variant = models.ForeignKey(
        Variant,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="images",
        verbose_name=_("variant"),
    )
    file = models.ImageField(
        _("file"),
        upload_to=image_path,
        unique=True,  # or one row's deletion would take the other's file
        width_field="width",
        height_field="height",
    )
    width = models.PositiveIntegerField(_("width"), null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True, editable=False)
    alt = models.CharField(_("alternative text"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    sizes = models.JSONField(_("sizes"), default=dict, blank=True, editable=False)
    sized_for = models.CharField(max_length=32, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=1000, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ("product_id", "position", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(file=""), name="shopkit_image_has_file"),
            models.UniqueConstraint(
                fields=("product", "source"),
                condition=~Q(source=""),
                name="shopkit_image_once_per_source",
            ),
        )

    def __str__(self) -> str:
        return self.alt or str(self.file.name)


class Listing(models.Model):
    """One visible product in one category, or in an ancestor of its category.

    Turns "everything below Clothing from 50 000 to 300 000 by price" into one index range.
    Derived: written by ``shopkit.catalog.services.cached`` alone.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="listings")
    price = MoneyField()

    objects = NotedRows.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = (
            models.UniqueConstraint(
                fields=("product", "category"), name="shopkit_listing_once_per_category"
            ),
        )
        indexes = (
            models.Index(fields=("category", "price", "product"), name="shopkit_listing_price"),
        )

    def __str__(self) -> str:
        return f"{self.category_id}/{self.product_id}"


class ListingCount(models.Model):
    """A part of the number of products in a category's listing; the sum of its rows is the number.

    Derived: written with the listings, by ``shopkit.catalog.services.cached`` alone. Usually one
    row per category. A writer who finds it in use adds a row of his own, so that nobody waits for
    the counts of "everything", and the next one to come sums up.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="counts")
    products = models.IntegerField()

    class Meta:
        verbose_name = _("number of listings")
        verbose_name_plural = _("numbers of listings")

    def __str__(self) -> str:
        return f"{self.category_id}: {self.products}"
