"""Many products or prices at once: as few statements for five hundred as for one.

They keep the rules of ``products`` and ``variants``. Only Django's own ``post_save`` of each row
is not sent, as with every ``bulk_create``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import router
from django.utils import timezone
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.freshness import PRODUCTS, catalog_changed
from shopkit.catalog.models import (
    AttributeValue,
    Category,
    Product,
    ProductAttributeValue,
    ProductType,
    Variant,
    VariantAttributeValue,
)
from shopkit.core.updates import update_rows

from .attribution import resolve_values
from .cached import refresh_products
from .fitting import members_of, misfits, unknown_type
from .products import MOST_CATEGORIES, PLAIN, ProductData, refuse_no_variant, validate_fields
from .tree import tree_lock
from .uniqueness import atomic_and_unique, taken
from .variants import build_variant, errors_of, stock_errors

Errors = dict[str, list[ValidationError]]
Prices = Mapping[int, Mapping[str, "Decimal | None"]]
PRICES = frozenset({"price", "sale_price"})


def create_products(items: Sequence[ProductData], *, actor: Any = None) -> list[Product]:
    """Make many products with their variants and first stock: all of them or none.

    items -- each with a slug
    actor -- the user who does it, for the stock ledger

    Raises ValidationError naming every wrong field: "products.<index>.<field>", and
    "products.<index>.variants.<index>.<field>" of a variant.
    """
    with atomic_and_unique(), tree_lock(shared=True):
        batch = _Batch(items)
        batch.check()
        batch.save(actor)
        refresh_products(one.pk for one in batch.products)
    return batch.products


def change_prices(prices: Prices) -> int:
    """Give many variants new prices: all of them or none.

    prices -- {variant pk: {"price": amount, "sale_price": amount or None}}, either or both

    Returns how many had others before. Raises ValidationError naming "<pk>.<field>";
    Variant.DoesNotExist when one is nowhere, or of a product that is off sale for ever.
    """
    with atomic_and_unique():
        owners = Variant.objects.filter(pk__in=prices).values("product")
        rows = Product.objects.kept().filter(pk__in=owners).order_by("pk")
        list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))
        # Read under the lock: what the caller has seen may be old.
        found = Variant.objects.filter(pk__in=prices, product__deleted_at=None)
        variants = list(found.order_by("pk"))
        if len(variants) != len(prices):
            raise Variant.DoesNotExist
        changed = [one for one in variants if _reprice(one, prices[one.pk])]
        _refuse_wrong(changed)
        update_rows(changed, ["price", "sale_price", "updated_at"])
        catalog_changed({PRODUCTS}, using=router.db_for_write(Variant))
        refresh_products({one.product_id for one in changed})
    return len(changed)


def _reprice(variant: Variant, prices: Mapping[str, Decimal | None]) -> bool:
    """Set the prices; say whether they were others."""
    before = (variant.price, variant.sale_price)
    for name in PRICES & prices.keys():
        setattr(variant, name, prices[name])
    variant.updated_at = timezone.now()
    return (variant.price, variant.sale_price) != before


def _refuse_wrong(variants: Sequence[Variant]) -> None:
    errors: Errors = {}
    for one in variants:
        errors |= {f"{one.pk}.{name}": wrong for name, wrong in errors_of(one).items()}
    if errors:
        raise ValidationError(errors)


class _Batch:
    """Products that are about to be, with what hangs on them, in the order of the items."""

    def __init__(self, items: Sequence[ProductData]) -> None:
        self.items = items
        self.errors: Errors = {}
        keys = {key for item in items for key in item.categories}
        self.categories = Category.objects.in_bulk(keys) if keys else {}
        codes = {item.type for item in items if item.type is not None}
        found = ProductType.objects.filter(code__in=codes) if codes else ()
        self.types: dict[str | None, ProductType] = {one.code: one for one in found}
        self.products = [Product(**{name: getattr(item, name) for name in PLAIN}) for item in items]
        self.own_values: list[Sequence[AttributeValue]] = []
        self.variants: list[Variant] = []
        self.variant_values: list[Sequence[AttributeValue]] = []

    def check(self) -> None:
        """Work everything out. Raises ValidationError naming all that is wrong."""
        for index, item in enumerate(self.items):
            self._check_product(f"products.{index}.", item, self.products[index])
        self._refuse()
        self._resolve()
        self._check_types()
        skus = Counter[str]()
        position = 0
        for index, item in enumerate(self.items):
            own = self.variants[position : position + len(item.variants)]
            position += len(item.variants)
            self._check_variants(f"products.{index}.", item, own)
            skus.update(one.sku for one in own)
        self._refuse_taken(skus)
        self._refuse()

    def save(self, actor: Any) -> None:
        """Insert the rows, those that others point at first."""
        Product.objects.bulk_create(self.products)
        through: Any = Product.categories.through
        through.objects.bulk_create(
            through(product_id=product.pk, category_id=key)
            for product, item in zip(self.products, self.items, strict=True)
            for key in dict.fromkeys(item.categories)
        )
        Variant.objects.bulk_create(self.variants)
        ProductAttributeValue.objects.bulk_create(
            ProductAttributeValue(product=product, attribute_id=value.attribute_id, value=value)
            for product, values in zip(self.products, self.own_values, strict=True)
            for value in values
        )
        VariantAttributeValue.objects.bulk_create(
            VariantAttributeValue(variant=variant, attribute_id=value.attribute_id, value=value)
            for variant, values in zip(self.variants, self.variant_values, strict=True)
            for value in values
        )
        given = [one for item in self.items for one in item.variants]
        stock = {one.pk: data.stock for one, data in zip(self.variants, given, strict=True)}
        availability().receive(stock, actor=actor)

    def _check_product(self, prefix: str, item: ProductData, product: Product) -> None:
        try:
            refuse_no_variant(item.variants)
            validate_fields(product)
        except ValidationError as error:
            self._note(prefix, error.error_dict)
        wanted = list(dict.fromkeys(item.categories))
        if len(wanted) > MOST_CATEGORIES:
            message = _("At most %d categories.") % MOST_CATEGORIES
            self._note(prefix, {"categories": [ValidationError(message, code="too_many")]})
        for key in wanted:
            if key not in self.categories:
                message = _("There is no category %(key)s.")
                wrong = ValidationError(message, "does_not_exist", {"key": key})
                self._note(prefix, {"categories": [wrong]})
        product.category = self.categories.get(wanted[0]) if wanted else None
        product.type = self.types.get(item.type)
        if item.type is not None and product.type is None:
            self._note(prefix, unknown_type().error_dict)

    def _resolve(self) -> None:
        """Find the values of all, and make the variants, whose names follow from theirs."""
        wanted = []
        for index, item in enumerate(self.items):
            wanted.append((f"products.{index}.", item.attributes))
            wanted += [
                (f"products.{index}.variants.{number}.", one.attributes)
                for number, one in enumerate(item.variants)
            ]
        found = iter(resolve_values(wanted))
        for item, product in zip(self.items, self.products, strict=True):
            self.own_values.append(next(found))
            for one in item.variants:
                values = next(found)
                self.variants.append(build_variant(product, one, values))
                self.variant_values.append(values)

    def _check_types(self) -> None:
        """Note values that a product's type does not have, and those that it lacks."""
        kinds = {one.type_id for one in self.products if one.type_id is not None}
        if not kinds:
            return
        members = members_of(kinds)
        given = iter(zip(self.variants, map(_codes, self.variant_values), strict=True))
        for index, (item, product) in enumerate(zip(self.items, self.products, strict=True)):
            own = [next(given) for _one in item.variants]
            if product.type_id is None:
                continue
            variants = {n: codes for n, (one, codes) in enumerate(own) if one.is_active}
            wrong = misfits(
                members[product.type_id],
                _codes(self.own_values[index]),
                variants,
                {n: f"variants.{n}.attributes" for n in variants},
                is_active=product.is_active,
            )
            self._note(f"products.{index}.", wrong)

    def _check_variants(self, prefix: str, item: ProductData, own: Sequence[Variant]) -> None:
        most = catalog_settings().MAX_VARIANTS
        if len(own) > most:
            message = _("A product has at most %d variants.") % most
            self._note(prefix, {"variants": [ValidationError(message, code="too_many")]})
        seen: set[str] = set()
        for number, (variant, given) in enumerate(zip(own, item.variants, strict=True)):
            found = {**errors_of(variant), **stock_errors(given.stock)}
            if variant.is_active and variant.combination in seen:
                found["attributes"] = [taken("combination")]
            if variant.is_active:
                seen.add(variant.combination)
            self._note(f"{prefix}variants.{number}.", found)

    def _refuse_taken(self, skus: Counter[str]) -> None:
        """Note slugs and SKUs that are in use, here or in the database."""
        slugs = Counter(one.slug for one in self.products)
        slugs.update(Product.objects.filter(slug__in=list(slugs)).values_list("slug", flat=True))
        skus.update(Variant.objects.filter(sku__in=list(skus)).values_list("sku", flat=True))
        variants = iter(self.variants)
        for index, (item, product) in enumerate(zip(self.items, self.products, strict=True)):
            if slugs[product.slug] > 1:
                self._note(f"products.{index}.", {"slug": [taken("slug")]})
            for number, _one in enumerate(item.variants):
                if skus[next(variants).sku] > 1:
                    prefix = f"products.{index}.variants.{number}."
                    self._note(prefix, {"sku": [taken("sku")]})

    def _note(self, prefix: str, found: Mapping[str, list[ValidationError]]) -> None:
        self.errors |= {f"{prefix}{name}": wrong for name, wrong in found.items()}

    def _refuse(self) -> None:
        if self.errors:
            raise ValidationError(self.errors)


def _codes(values: Sequence[AttributeValue]) -> set[str]:
    return {one.attribute.code for one in values}
