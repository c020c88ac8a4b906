"""Attributes and their values: made and changed by staff, without code or a migration."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.errors import AttributeInUse, ValueInUse
from shopkit.catalog.models import (
    Attribute,
    AttributeValue,
    Product,
    ProductAttributeValue,
    Variant,
    VariantAttributeValue,
)

from .attribution import canonical_value, label_of, scaled_number
from .cached import BATCH, refresh_products
from .uniqueness import atomic_and_unique, taken

ATTRIBUTE_FIELDS = frozenset(
    {"name", "type", "unit", "is_variant", "is_filterable", "position", "translations"}
)
VALUE_FIELDS = frozenset({"value", "colour", "position", "translations"})


def create_attribute(*, code: str, name: str, **fields: Any) -> Attribute:
    """Make an attribute.

    fields -- any of type, unit, is_variant, is_filterable, position, translations

    Raises ValidationError naming the wrong fields.
    """
    with atomic_and_unique():
        attribute = Attribute(code=code, name=name, **_known(fields, ATTRIBUTE_FIELDS))
        _validate_attribute(attribute)
        attribute.save()
    return attribute


def update_attribute(attribute: Attribute, *, changes: Mapping[str, Any]) -> Attribute:
    """Change fields of ``attribute`` but its code, which links and filters are made of.

    changes -- ATTRIBUTE_FIELDS; ``TranslationChanges`` are laid over the translations there are

    Names of variants that were made from their values follow a new unit: "16 GB".

    Returns the attribute as it is now stored. Raises ValidationError naming the wrong fields;
    AttributeInUse when its type is to change though it has values that products use, or when it
    is to make no variants any more though its values tell some apart.
    """
    with atomic_and_unique():
        fresh: Attribute = Attribute.objects.select_for_update(no_key=True).get(pk=attribute.pk)
        retyped = changes.get("type", fresh.type) != fresh.type
        if retyped:
            _refuse_use(AttributeInUse, attribute=fresh)
        if fresh.is_variant and not changes.get("is_variant", True):
            _refuse_variants(fresh)
        known = _known(changes, ATTRIBUTE_FIELDS)
        named = _named_by_values(attribute=fresh) if _is_said_otherwise(fresh, known) else []
        fresh.take(known)
        _validate_attribute(fresh)
        fresh.save()
        _rename(named)
        if retyped:
            # No product has them, and they need not fit the new type.
            fresh.values.all().delete()
    return fresh


def delete_attribute(attribute: Attribute) -> None:
    """Take ``attribute`` and its values away.

    Raises AttributeInUse while a product or variant has a value of it.
    """
    with atomic_and_unique():
        fresh = Attribute.objects.select_for_update().get(pk=attribute.pk)
        _refuse_use(AttributeInUse, attribute=fresh)
        fresh.delete()


def create_value(attribute: Attribute, *, value: str, **fields: Any) -> AttributeValue:
    """Add a value to ``attribute``, in its canonical form.

    fields -- any of colour, position, translations

    Raises ValidationError naming the wrong fields.
    """
    with atomic_and_unique():
        made = AttributeValue(attribute=attribute, **_known(fields, VALUE_FIELDS))
        _set_value(made, value)
        _validate_value(made)
        made.save()
    return made


def update_value(value: AttributeValue, *, changes: Mapping[str, Any]) -> AttributeValue:
    """Change a value; the search words of the products that have it follow.

    Names of variants that were made from their values follow too.

    changes -- VALUE_FIELDS; ``TranslationChanges`` are laid over the translations there are

    Returns the value as it is now stored. Raises ValidationError naming the wrong fields.
    """
    with atomic_and_unique():
        rows = AttributeValue.objects.select_for_update(no_key=True, of=("self",))
        fresh: AttributeValue = rows.select_related("attribute").get(pk=value.pk)
        products = _lock_products_of(fresh)
        named = _named_by_values(value=fresh)
        fresh.take(_known(changes, VALUE_FIELDS))
        _set_value(fresh, fresh.value)
        _validate_value(fresh)
        fresh.save()
        if changes.keys() & {"value", "translations"}:
            _rename(named)
            refresh_products(products)
    return fresh


def delete_value(value: AttributeValue) -> None:
    """Take ``value`` away. Raises ValueInUse while a product or variant has it."""
    with atomic_and_unique():
        fresh = AttributeValue.objects.select_for_update().get(pk=value.pk)
        _refuse_use(ValueInUse, value=fresh)
        fresh.delete()


def _known(fields: Mapping[str, Any], names: frozenset[str]) -> Mapping[str, Any]:
    if unknown := sorted(fields.keys() - names):
        raise TypeError(f"Not a changeable field: {', '.join(unknown)}.")
    return fields


def _validate_attribute(attribute: Attribute) -> None:
    attribute.clean_fields()
    if Attribute.objects.filter(code=attribute.code).exclude(pk=attribute.pk).exists():
        raise ValidationError({"code": taken("code")})
    attribute.check_translations()


def _set_value(value: AttributeValue, text: str) -> None:
    kind = value.attribute.type
    try:
        value.value = canonical_value(kind, str(text))
    except ValidationError as error:
        raise ValidationError({"value": error}) from error
    value.number = scaled_number(kind, value.value)


def _validate_value(value: AttributeValue) -> None:
    value.colour = value.colour.lower()
    value.clean_fields(exclude=["attribute"])
    if value.colour and value.attribute.type != Attribute.Type.COLOUR:
        message = _("Only values of a colour attribute have a colour.")
        raise ValidationError({"colour": ValidationError(message, code="invalid")})
    others = AttributeValue.objects.filter(attribute=value.attribute).exclude(pk=value.pk)
    if others.filter(value=value.value).exists():
        raise ValidationError({"value": taken("attributevalue_once")})
    value.check_translations()


def _refuse_use(refusal: type[AttributeInUse] | type[ValueInUse], **of: Any) -> None:
    products = ProductAttributeValue.objects.filter(**of).count()
    variants = VariantAttributeValue.objects.filter(**of).count()
    if products or variants:
        raise refusal(products=products, variants=variants)


def _refuse_variants(attribute: Attribute) -> None:
    """Refuse while a variant that is on sale has a value."""
    rows = VariantAttributeValue.objects.filter(attribute=attribute, variant__is_active=True)
    if variants := rows.count():
        raise AttributeInUse(products=0, variants=variants)


def _lock_products_of(value: AttributeValue) -> list[int]:
    """Lock every product that has the value, itself or in a variant, in key order."""
    own = ProductAttributeValue.objects.filter(value=value).values_list("product_id", flat=True)
    of_variants = VariantAttributeValue.objects.filter(value=value)
    keys = {*own, *of_variants.values_list("variant__product_id", flat=True)}
    rows = Product.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def _is_said_otherwise(attribute: Attribute, changes: Mapping[str, Any]) -> bool:
    """Say whether names that are made from values will be others: "16 GB", or "Folding"."""
    spoken = ["unit", "position"]
    if attribute.type == Attribute.Type.BOOLEAN:
        spoken.append("name")
    return any(name in changes and changes[name] != getattr(attribute, name) for name in spoken)


def _named_by_values(**of: Any) -> list[Variant]:
    """Return the variants with a value ``of`` this whose name is what their values say.

    of -- value, or attribute
    """
    values = {f"attribute_values__{key}": row for key, row in of.items()}
    having = Variant.objects.filter(**values).order_by("pk")
    labels = _labels(having)
    return [one for one in having if one.name == labels[one.pk]]


def _rename(variants: Sequence[Variant]) -> None:
    for first in range(0, len(variants), BATCH):
        chosen = variants[first : first + BATCH]
        labels = _labels(chosen)
        for one in chosen:
            one.name = labels[one.pk]
        Variant.objects.bulk_update(chosen, ["name"])


def _labels(variants: Any) -> dict[int, str]:
    rows = VariantAttributeValue.objects.filter(variant__in=variants)
    values: dict[int, list[AttributeValue]] = {}
    for row in rows.select_related("value__attribute").order_by(
        "attribute__position", "attribute__code"
    ):
        values.setdefault(row.variant_id, []).append(row.value)
    return {pk: label_of(own) for pk, own in values.items()}
