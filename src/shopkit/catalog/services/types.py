"""Types of products: made and changed by staff, while products of them are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from shopkit.catalog.errors import TypeAttributeInUse, TypeAttributeMissing, TypeInUse
from shopkit.catalog.models import (
    Attribute,
    Product,
    ProductAttributeValue,
    ProductType,
    ProductTypeAttribute,
    VariantAttributeValue,
)

from .fitting import lacks_attribute
from .uniqueness import atomic_and_unique, taken

PLAIN = frozenset({"name", "translations"})
CHANGEABLE = PLAIN | {"attributes"}
# As many as a product and its variants may have values of, each.
MOST_MEMBERS = 40


@dataclass(frozen=True)
class Member:
    """An attribute of a type.

    code -- of the attribute
    is_required -- an active product must have a value, itself or in each of its active variants
    """

    code: str
    is_required: bool = False


def create_product_type(
    *,
    code: str,
    name: str,
    attributes: Sequence[Member] = (),
    translations: Mapping[str, Any] | None = None,
) -> ProductType:
    """Make a type of products.

    attributes -- those that belong, in the order in which they are shown to staff

    Raises ValidationError naming the wrong fields: "attributes.<index>.code" (unknown_attribute,
    duplicate) among them.
    """
    with atomic_and_unique():
        made = ProductType(code=code, name=name, translations=dict(translations or {}))
        _validate(made)
        made.save()
        _replace_members(made, attributes)
    return made


def update_product_type(kind: ProductType, *, changes: Mapping[str, Any]) -> ProductType:
    """Change a type; its code stays.

    changes -- any of name, translations (replaced, or ``TranslationChanges``) and attributes
        (members; they replace what there was)

    Products keep to their type at every moment, so nothing of theirs is taken away here:
    an attribute goes when no product of the type has it any more, and becomes required when every
    active one has it. Products that are off sale for ever, and variants that are switched off, do
    not count.

    Returns the type as it is now stored. Raises ValidationError naming the wrong fields,
    TypeAttributeInUse, TypeAttributeMissing, TypeError for other keys.
    """
    if unknown := sorted(changes.keys() - CHANGEABLE):
        raise TypeError(f"Not a changeable field of a product type: {', '.join(unknown)}.")
    with atomic_and_unique():
        fresh = _locked(kind)
        fresh.take({name: changes[name] for name in changes.keys() & PLAIN})
        _validate(fresh)
        fresh.save()
        if "attributes" in changes:
            _replace_members(fresh, changes["attributes"])
    return fresh


def delete_product_type(kind: ProductType) -> None:
    """Take ``kind`` away. Raises TypeInUse while a product is of it.

    Products that are off sale for ever lose it.
    """
    with atomic_and_unique():
        fresh = _locked(kind)
        if products := Product.objects.kept().filter(type=fresh).count():
            raise TypeInUse(products=products)
        Product.objects.filter(type=fresh).update(type=None)
        fresh.delete()


def _locked(kind: ProductType) -> ProductType:
    """Return the type with its row locked, once nobody writes a product of it any more."""
    found: ProductType = ProductType.objects.select_for_update().get(pk=kind.pk)
    return found


def _validate(kind: ProductType) -> None:
    kind.clean_fields()
    if ProductType.objects.filter(code=kind.code).exclude(pk=kind.pk).exists():
        raise ValidationError({"code": taken("producttype_code")})
    kind.check_translations()


def _replace_members(kind: ProductType, wanted: Sequence[Member]) -> None:
    attributes = _find_attributes(wanted)
    rows = ProductTypeAttribute.objects.filter(type=kind)
    old = dict(rows.values_list("attribute_id", "is_required"))
    new = {attributes[one.code].pk: one.is_required for one in wanted}
    _refuse_use(kind, old.keys() - new.keys())
    required = [key for key, is_required in new.items() if is_required and not old.get(key)]
    _refuse_lack(kind, required)
    if list(old.items()) != list(new.items()):
        rows.delete()
        ProductTypeAttribute.objects.bulk_create(
            ProductTypeAttribute(
                type=kind, attribute_id=key, is_required=is_required, position=place
            )
            for place, (key, is_required) in enumerate(new.items())
        )


def _find_attributes(wanted: Sequence[Member]) -> Mapping[str, Attribute]:
    """Return the attributes by code, locked: none of them is deleted before we have committed."""
    if len(wanted) > MOST_MEMBERS:
        message = _("At most %d attributes.") % MOST_MEMBERS
        raise ValidationError({"attributes": ValidationError(message, code="too_many")})
    rows = Attribute.objects.filter(code__in={one.code for one in wanted}).order_by("pk")
    found = {one.code: one for one in rows.select_for_update(no_key=True)}
    errors: dict[str, list[ValidationError]] = {}
    seen: set[str] = set()
    for index, one in enumerate(wanted):
        if one.code not in found:
            wrong = ValidationError(_("There is no such attribute."), code="unknown_attribute")
            errors[f"attributes.{index}.code"] = [wrong]
        elif one.code in seen:
            wrong = ValidationError(_("This attribute is named twice."), code="duplicate")
            errors[f"attributes.{index}.code"] = [wrong]
        seen.add(one.code)
    if errors:
        raise ValidationError(errors)
    return found


def _refuse_use(kind: ProductType, going: Collection[int]) -> None:
    if not going:
        return
    kept = {"type": kind, "deleted_at": None}
    of_products = ProductAttributeValue.objects.filter(
        attribute__in=going, **{f"product__{name}": value for name, value in kept.items()}
    )
    of_variants = VariantAttributeValue.objects.filter(
        attribute__in=going,
        variant__is_active=True,
        **{f"variant__product__{name}": value for name, value in kept.items()},
    )
    products, variants = _by_code(of_products), _by_code(of_variants)
    if products or variants:
        raise TypeAttributeInUse(
            attributes={
                code: {"products": products.get(code, 0), "variants": variants.get(code, 0)}
                for code in sorted(products.keys() | variants.keys())
            }
        )


def _by_code(rows: QuerySet[Any]) -> dict[str, int]:
    return dict(rows.values_list("attribute__code").annotate(number=Count("pk")).order_by())


def _refuse_lack(kind: ProductType, required: Sequence[int]) -> None:
    """Count for each attribute the active products that have no value of it: one statement."""
    if not required:
        return
    products = Product.objects.filter(type=kind, is_active=True)
    counts = products.aggregate(
        **{f"lacking_{key}": Count("pk", filter=lacks_attribute(key)) for key in required}
    )
    short = {key: number for key in required if (number := counts[f"lacking_{key}"])}
    if short:
        codes = dict(Attribute.objects.filter(pk__in=short).values_list("pk", "code"))
        raise TypeAttributeMissing(attributes={codes[key]: short[key] for key in short})
