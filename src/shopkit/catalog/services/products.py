"""Products: made with their variants, changed, taken off sale for ever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.catalog.models import (
    Category,
    Product,
    ProductAttributeValue,
    ProductType,
    Variant,
)
from shopkit.core.metadata import merge_metadata, validate_metadata
from shopkit.core.text import make_slug

from .attribution import resolve_values
from .cached import refresh_products
from .fitting import check_fit, unknown_type
from .tree import tree_lock
from .uniqueness import atomic_and_unique, taken
from .variants import (
    VariantData,
    add_variant,
    change_variant,
    delete_variant,
    insert_variants,
    lock_product,
    update_variant,
)

__all__ = [
    "ProductData",
    "VariantData",
    "add_variant",
    "create_product",
    "delete_product",
    "delete_products",
    "delete_variant",
    "update_product",
    "update_variant",
]

MOST_CATEGORIES = 50
LONGEST_DESCRIPTION = 20_000
PLAIN = ("name", "slug", "description", "is_active", "translations", "metadata")
# What a product with one variant may be asked to change in its stead.
OF_SOLE_VARIANT = frozenset({"sku", "price", "sale_price"})
CHANGEABLE = frozenset({*PLAIN, *OF_SOLE_VARIANT, "categories", "attributes", "type"})
# After changes of these a product may not fit its type any more.
OF_TYPE = frozenset({"attributes", "type", "is_active"})


@dataclass(frozen=True)
class ProductData:
    """A product to be made.

    variants -- at least one that is active
    slug -- "" makes one from the name
    categories -- keys; the first is the primary one
    attributes -- {code: value as text}
    type -- code of the type that says which attributes there are, or None
    translations -- {language: {"name": text, "description": text}}
    """

    name: str
    variants: Sequence[VariantData]
    slug: str = ""
    description: str = ""
    categories: Sequence[int] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    type: str | None = None
    is_active: bool = True
    translations: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


def create_product(data: ProductData, *, actor: Any = None) -> Product:
    """Make a product with its variants and their first stock: all of it or nothing.

    actor -- the user who does it, for the stock ledger

    Raises ValidationError naming the wrong fields; those of a variant are called
    "variants.<index>.<field>". A value that the product's type does not have is not_of_type, one
    that it needs and an active product lacks is required.
    """
    refuse_no_variant(data.variants)
    prefixes = [f"variants.{index}." for index in range(len(data.variants))]
    with atomic_and_unique(), tree_lock(shared=True):
        product = Product(**{name: getattr(data, name) for name in PLAIN})
        product.slug = product.slug or _free_slug(data.name)
        product.type = _find_type(data.type)
        _validate(product)
        categories = _find_categories(data.categories)
        attributes = [("", data.attributes)]
        attributes += zip(prefixes, (one.attributes for one in data.variants), strict=True)
        own, *others = resolve_values(attributes)
        product.category = categories[0] if categories else None
        product.save()
        product.categories.set(categories)
        _write_values(product, own)
        made = insert_variants(product, data.variants, others, actor=actor, prefixes=prefixes)
        places = (f"{prefix}attributes" for prefix in prefixes)
        check_fit(product, written={one.pk: at for one, at in zip(made, places, strict=True)})
        refresh_products([product.pk])
    product.refresh_from_db()
    return product


def update_product(product: Product, *, changes: Mapping[str, Any]) -> Product:
    """Change fields of ``product``; cached columns and listings follow.

    changes -- fields of ProductData but ``variants``; ``categories``, ``attributes`` and
        ``translations`` replace what there was, unless the latter are ``TranslationChanges``;
        ``type`` is a code or None; ``sku``, ``price`` and ``sale_price`` go to the only active
        variant

    Returns the product as it is now stored. Raises ValidationError naming the wrong fields;
    Product.DoesNotExist when it is off sale for ever; TypeError for other keys.
    """
    if unknown := sorted(changes.keys() - CHANGEABLE):
        raise TypeError(f"Not a changeable field of a product: {', '.join(unknown)}.")
    with atomic_and_unique(), tree_lock(shared=True):
        fresh = lock_product(product)
        _assign(fresh, changes)
        _validate(fresh)
        if "categories" in changes:
            categories = _find_categories(changes["categories"])
            fresh.category = categories[0] if categories else None
            fresh.categories.set(categories)
        if "attributes" in changes:
            [values] = resolve_values([("", changes["attributes"])])
            fresh.attribute_values.all().delete()
            _write_values(fresh, values)
        fresh.save(update_fields=[*PLAIN, "category", "type", "updated_at"])
        _change_sole_variant(fresh, changes)
        if changes.keys() & OF_TYPE:
            check_fit(fresh)
        refresh_products([fresh.pk])
    fresh.refresh_from_db()
    return fresh


def delete_product(product: Product) -> None:
    """Take ``product`` off sale for ever. Its row, variants and slug stay for old orders.

    Raises Product.DoesNotExist when that has been done already.
    """
    if not delete_products([product.pk]):
        raise Product.DoesNotExist


def delete_products(products: Iterable[int]) -> int:
    """Take many products (keys) off sale for ever; return how many were not so already."""
    with transaction.atomic():
        rows = Product.objects.kept().filter(pk__in=list(products)).order_by("pk")
        locked = rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)
        keys = list(locked)
        Product.objects.filter(pk__in=keys).update(
            is_active=False, deleted_at=Now(), updated_at=Now()
        )
        refresh_products(keys)
    return len(keys)


def _assign(product: Product, changes: Mapping[str, Any]) -> None:
    product.take({name: changes[name] for name in changes.keys() & set(PLAIN) - {"metadata"}})
    if "metadata" in changes:
        validate_metadata(changes["metadata"])
        product.metadata = merge_metadata(product.metadata, changes["metadata"])
    if "type" in changes:
        product.type = _find_type(changes["type"])
    product.slug = product.slug or _free_slug(product.name)


def _validate(product: Product) -> None:
    validate_fields(product)
    if Product.objects.filter(slug=product.slug).exclude(pk=product.pk).exists():
        raise ValidationError({"slug": taken("slug")})


def validate_fields(product: Product) -> None:
    """Raise ValidationError for what is wrong in the product itself; asks no database."""
    product.clean_fields(exclude=["category", "type"])
    if len(product.description) > LONGEST_DESCRIPTION:
        message = _("At most %d characters.") % LONGEST_DESCRIPTION
        raise ValidationError({"description": ValidationError(message, code="max_length")})
    product.check_translations()
    validate_metadata(product.metadata)


def refuse_no_variant(variants: Sequence[VariantData]) -> None:
    """Raise ValidationError unless one of ``variants`` is active."""
    if not any(one.is_active for one in variants):
        message = _("A product needs at least one active variant.")
        raise ValidationError({"variants": ValidationError(message, code="required")})


def _free_slug(name: str) -> str:
    return make_slug(name, is_taken=lambda slug: Product.objects.filter(slug=slug).exists())


def _find_type(code: str | None) -> ProductType | None:
    if code is None:
        return None
    found: ProductType | None = ProductType.objects.filter(code=code).first()
    if found is None:
        raise unknown_type()
    return found


def _find_categories(keys: Sequence[int]) -> list[Category]:
    """Return the categories in the given order, each once."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST_CATEGORIES:
        message = _("At most %d categories.") % MOST_CATEGORIES
        raise ValidationError({"categories": ValidationError(message, code="too_many")})
    found = Category.objects.in_bulk(wanted)
    if missing := [key for key in wanted if key not in found]:
        message = _("There is no category %(key)s.")
        raise ValidationError(
            {"categories": [ValidationError(message, "does_not_exist", {"key": missing[0]})]}
        )
    return [found[key] for key in wanted]


def _write_values(product: Product, values: Sequence[Any]) -> None:
    ProductAttributeValue.objects.bulk_create(
        ProductAttributeValue(product=product, attribute_id=value.attribute_id, value=value)
        for value in values
    )


def _change_sole_variant(product: Product, changes: Mapping[str, Any]) -> None:
    wanted = {name: changes[name] for name in sorted(changes.keys() & OF_SOLE_VARIANT)}
    if not wanted:
        return
    variants = list(Variant.objects.filter(product=product, is_active=True)[:2])
    if len(variants) != 1:
        message = _("This product has several variants; change this at the variant.")
        raise ValidationError(
            {name: ValidationError(message, code="several_variants") for name in wanted}
        )
    change_variant(variants[0], wanted)
