"""Variants: what is put in a cart. They are switched off, never deleted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.errors import LastVariant
from shopkit.catalog.models import AttributeValue, Product, Variant, VariantAttributeValue
from shopkit.core.conf import core_settings
from shopkit.core.metadata import merge_metadata, validate_metadata
from shopkit.core.money import round_money

from .attribution import combination_of, label_of, resolve_values
from .cached import refresh_products
from .fitting import check_fit
from .uniqueness import atomic_and_unique, taken

Errors = dict[str, list[ValidationError]]

# Letters and digits that nobody mixes up on a label.
SKU_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
PLAIN = (
    "sku", "barcode", "name", "price", "sale_price", "position", "weight", "ikpu", "package_code",
    "vat_percent", "metadata", "is_active",
)  # fmt: skip
CHANGEABLE = frozenset({*PLAIN, "attributes"})


@dataclass(frozen=True)
class VariantData:
    """A variant to be made.

    price, sale_price -- in the shop's currency; the second is lower, or None
    sku -- "" makes a unique one
    stock -- units on the shelf at first
    attributes -- {code: value as text}
    name -- "" makes one from the values
    weight -- grams
    """

    price: Decimal
    sku: str = ""
    sale_price: Decimal | None = None
    stock: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict)
    barcode: str = ""
    name: str = ""
    position: int = 0
    weight: int = 0
    ikpu: str = ""
    package_code: str = ""
    vat_percent: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    is_active: bool = True


def add_variant(product: Product, data: VariantData, *, actor: Any = None) -> Variant:
    """Add one variant to ``product``, with its first stock.

    actor -- the user who does it, for the stock ledger

    Raises ValidationError naming the wrong fields of ``data``, ``attributes``
    (duplicate_combination) and "attributes.<code>" (not_of_type, required) among them; nothing has
    changed then.
    """
    with atomic_and_unique():
        locked = lock_product(product)
        values = resolve_values([("", data.attributes)])
        [variant] = insert_variants(locked, [data], values, actor=actor)
        check_fit(locked, written={variant.pk: "attributes"})
        refresh_products([locked.pk])
    return variant


def update_variant(variant: Variant, *, changes: Mapping[str, Any]) -> Variant:
    """Change fields of ``variant``; cached columns of its product follow.

    changes -- fields of VariantData but ``stock``, which inventory changes; ``attributes``
        replaces all values

    Returns the variant as it is now stored. Raises ValidationError naming the wrong fields;
    LastVariant when it is the last active one and is switched off; TypeError for other keys.
    """
    if unknown := sorted(changes.keys() - CHANGEABLE):
        raise TypeError(f"Not a changeable field of a variant: {', '.join(unknown)}.")
    with atomic_and_unique():
        product = lock_product(variant.product)
        # Read again under the lock: the caller's copy may be old.
        fresh = Variant.objects.get(pk=variant.pk)
        change_variant(fresh, changes)
        if fresh.is_active and changes.keys() & {"attributes", "is_active"}:
            check_fit(product, written={fresh.pk: "attributes"})
        refresh_products([product.pk])
    return fresh


def delete_variant(variant: Variant) -> None:
    """Switch ``variant`` off for good; its row stays for the orders that point at it.

    Raises LastVariant when the product would be left without one.
    """
    update_variant(variant, changes={"is_active": False})


def lock_product(product: Product) -> Product:
    """Return ``product`` as stored, its row locked: writers of one product take turns.

    Raises Product.DoesNotExist when it has been taken off sale for ever.
    """
    rows = Product.objects.kept().select_for_update(no_key=True, of=("self",))
    return rows.get(pk=product.pk)


def insert_variants(
    product: Product,
    data: Sequence[VariantData],
    values: Sequence[Sequence[AttributeValue]],
    *,
    actor: Any,
    prefixes: Sequence[str] = ("",),
) -> list[Variant]:
    """Save new variants of a locked ``product`` with values and first stock.

    prefixes -- what error names of each begin with: "variants.0."

    Raises ValidationError naming the wrong fields of all of them.
    """
    variants = [build_variant(product, *both) for both in zip(data, values, strict=True)]
    errors: Errors = {}
    for one, given, prefix in zip(variants, data, prefixes, strict=True):
        found = {**errors_of(one), **stock_errors(given.stock)}
        errors |= {f"{prefix}{name}": wrong for name, wrong in found.items()}
    errors |= _conflicts(product, variants, prefixes)
    if errors:
        raise ValidationError(errors)
    _refuse_too_many(product, len(variants))
    Variant.objects.bulk_create(variants)
    VariantAttributeValue.objects.bulk_create(
        VariantAttributeValue(variant=one, attribute_id=value.attribute_id, value=value)
        for one, own in zip(variants, values, strict=True)
        for value in own
    )
    stock = {one.pk: given.stock for one, given in zip(variants, data, strict=True)}
    availability().receive(stock, actor=actor)
    return variants


def change_variant(variant: Variant, changes: Mapping[str, Any]) -> None:
    """Write ``changes`` to a variant whose product is locked; does not refresh the product."""
    was_active = variant.is_active
    for name in changes.keys() & set(PLAIN):
        setattr(variant, name, changes[name])
    if "metadata" in changes:
        validate_metadata(changes["metadata"])
        stored = Variant.objects.values_list("metadata", flat=True).get(pk=variant.pk)
        variant.metadata = merge_metadata(stored, changes["metadata"])
    if "attributes" in changes:
        _replace_values(variant, changes["attributes"], keep_name="name" in changes)
    errors = errors_of(variant) | _conflicts(variant.product, [variant], ("",))
    if errors:
        raise ValidationError(errors)
    if was_active and not variant.is_active and not _siblings(variant).exists():
        raise LastVariant
    variant.save()


def make_sku() -> str:
    """Return a SKU that nobody has: 49 random bits."""
    return f"SKU-{get_random_string(10, SKU_LETTERS)}"


def errors_of(variant: Variant) -> Errors:
    """Return what is wrong with the variant's own fields, by field name."""
    found: Errors = {}
    try:
        variant.clean_fields(exclude=["product", "combination"])
    except ValidationError as error:
        found |= error.error_dict
    try:
        validate_metadata(variant.metadata)
    except ValidationError as error:
        found |= error.error_dict
    prices = {name: getattr(variant, name) for name in ("price", "sale_price")}
    for name, amount in prices.items():
        if name not in found and amount is not None and not _is_payable(amount):
            message = _("This is finer than the smallest unit of the shop's currency.")
            found[name] = [ValidationError(message, code="too_fine")]
    if not found.keys() & prices.keys() and (
        variant.sale_price is not None and variant.sale_price >= variant.price
    ):
        message = _("The sale price must be lower than the price.")
        found["sale_price"] = [ValidationError(message, code="sale_price_not_lower")]
    return found


def build_variant(product: Product, data: VariantData, values: Sequence[AttributeValue]) -> Variant:
    """Return a new, unsaved variant."""
    variant = Variant(product=product, combination=combination_of(values))
    for name in PLAIN:
        setattr(variant, name, getattr(data, name))
    variant.sku = data.sku or make_sku()
    variant.name = data.name or label_of(values)
    return variant


def stock_errors(units: int) -> Errors:
    """Return what is wrong with a first stock."""
    if 0 <= units < 2**31:
        return {}
    message = _("Stock is a whole number, not below 0.")
    return {"stock": [ValidationError(message, code="invalid")]}


def _is_payable(amount: Decimal) -> bool:
    return round_money(amount, core_settings().CURRENCY) == amount


def _conflicts(product: Product, variants: Sequence[Variant], prefixes: Sequence[str]) -> Errors:
    """Return SKUs and combinations that are in use, among ``variants`` or in the database."""
    own = [one.pk for one in variants if one.pk]
    skus = Counter(
        Variant.objects.filter(sku__in={one.sku for one in variants})
        .exclude(pk__in=own)
        .values_list("sku", flat=True)
    )
    combinations = Counter(
        Variant.objects.filter(product=product, is_active=True)
        .exclude(pk__in=own)
        .values_list("combination", flat=True)
        if product.pk
        else ()
    )
    errors: Errors = {}
    for one, prefix in zip(variants, prefixes, strict=True):
        if skus[one.sku]:
            errors[f"{prefix}sku"] = [taken("sku")]
        if one.is_active and combinations[one.combination]:
            errors[f"{prefix}attributes"] = [taken("combination")]
        skus[one.sku] += 1
        combinations[one.combination] += one.is_active
    return errors


def _refuse_too_many(product: Product, more: int) -> None:
    most = catalog_settings().MAX_VARIANTS
    if product.variants.count() + more > most:
        message = _("A product has at most %d variants.") % most
        raise ValidationError({"variants": ValidationError(message, code="too_many")})


def _siblings(variant: Variant) -> QuerySet[Variant]:
    """Return the other active variants of its product."""
    return variant.product.variants.filter(is_active=True).exclude(pk=variant.pk)


def _replace_values(variant: Variant, wanted: Mapping[str, str], *, keep_name: bool) -> None:
    [values] = resolve_values([("", wanted)])
    own = variant.attribute_values.select_related("value__attribute").order_by(
        "attribute__position", "attribute__code"
    )
    # A name that was made from the values follows them; one that somebody wrote stays.
    if not keep_name and variant.name in {"", label_of([one.value for one in own])}:
        variant.name = label_of(values)
    variant.combination = combination_of(values)
    variant.attribute_values.all().delete()
    VariantAttributeValue.objects.bulk_create(
        VariantAttributeValue(variant=variant, attribute_id=value.attribute_id, value=value)
        for value in values
    )
