"""Whether a product has what its type says, and nothing else."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from shopkit.catalog.models import (
    Product,
    ProductAttributeValue,
    ProductType,
    ProductTypeAttribute,
    Variant,
    VariantAttributeValue,
)

Errors = dict[str, list[ValidationError]]
Members = Mapping[str, tuple[bool, bool]]
NOTHING: Mapping[int, str] = MappingProxyType({})


def check_fit(product: Product, *, written: Mapping[int, str] = NOTHING) -> None:
    """Refuse values that do not belong to the product's type, and required ones that it lacks.

    Call it after the values are written, in the same transaction, the product's row locked. Its
    type stays as it is until the transaction ends. A product without a type costs no statement.

    written -- {key of a variant that is being written: what its values are called in errors}

    Raises ValidationError: "attributes.<code>" (not_of_type, required), or under the name of the
    variant that is written; "type" (does_not_exist, not_of_type) for variants that are not.
    """
    if product.type_id is None:
        return
    members = members_of([product.type_id])[product.type_id]
    own = set(
        ProductAttributeValue.objects.filter(product=product).values_list(
            "attribute__code", flat=True
        )
    )
    variants = _values_of_variants(product)
    if errors := misfits(members, own, variants, written, is_active=product.is_active):
        raise ValidationError(errors)


def members_of(kinds: Collection[int]) -> Mapping[int, Members]:
    """Return {type: {code of an attribute: (it is required, it makes variants)}}.

    They stay so until the transaction ends. Two statements, however many types there are.

    Raises ValidationError of ``type`` (does_not_exist) when one of them is gone.
    """
    _hold(kinds)
    found: dict[int, dict[str, tuple[bool, bool]]] = {key: {} for key in kinds}
    rows = ProductTypeAttribute.objects.filter(type__in=kinds)
    columns = ("type", "attribute__code", "is_required", "attribute__is_variant")
    for kind, code, is_required, is_variant in rows.values_list(*columns):
        found[kind][code] = (is_required, is_variant)
    return found


def misfits(
    members: Members,
    own: set[str],
    variants: Mapping[int, set[str]],
    written: Mapping[int, str],
    *,
    is_active: bool,
) -> Errors:
    """Return what is wrong with a product of a type, as ``check_fit`` names it.

    members -- of the type, as ``members_of`` returns them
    own, variants -- codes of the product's values, and {active variant: codes of its values}
    is_active -- so must have what is required
    """
    errors = _foreign(members.keys(), own, variants, written)
    if is_active:
        required = {code: is_variant for code, (needed, is_variant) in members.items() if needed}
        errors |= _lacking(required, own, variants, written)
    return errors


def lacks_attribute(attribute: Any) -> Q:
    """What finds products without a value: themselves, and in one of their active variants.

    attribute -- its key, or an OuterRef to it from the product's row
    """
    inner = OuterRef(attribute) if isinstance(attribute, OuterRef) else attribute
    own = ProductAttributeValue.objects.filter(product=OuterRef("pk"), attribute=attribute)
    has = VariantAttributeValue.objects.filter(variant=OuterRef("pk"), attribute=inner)
    variants = Variant.objects.filter(product=OuterRef("pk"), is_active=True)
    return ~Exists(own) & Exists(variants.exclude(Exists(has)))


def not_of_type() -> ValidationError:
    """Return the error of a value that the product's type has no attribute for."""
    return ValidationError(_("Products of this type do not have this attribute."), "not_of_type")


def missing() -> ValidationError:
    """Return the error of a value that the product's type requires."""
    return ValidationError(_("Products of this type need this attribute."), code="required")


def _hold(kinds: Collection[int]) -> None:
    """Keep the types and their attributes as they are until the transaction ends.

    Shared: writers of products do not wait for one another. Whoever changes a type's attributes
    locks its row against this. Foreign keys alone would be checked at the commit, too late.
    """
    using = router.db_for_write(ProductType)
    rows = ProductType.objects.filter(pk__in=kinds).order_by("pk").values("pk")
    sql, params = rows.query.get_compiler(using=using).as_sql()
    lock = " FOR KEY SHARE" if connections[using].vendor == "postgresql" else ""
    with connections[using].cursor() as cursor:
        cursor.execute(sql + lock, params)
        if len(cursor.fetchall()) < len(kinds):
            raise unknown_type()


def unknown_type() -> ValidationError:
    """Return the error of a type that there is not."""
    message = _("There is no such product type.")
    return ValidationError({"type": ValidationError(message, code="does_not_exist")})


def _values_of_variants(product: Product) -> Mapping[int, set[str]]:
    """Return {active variant: codes of its values}."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Variant.objects.filter(product=product, is_active=True)
    for pk, code in rows.values_list("pk", "attribute_values__attribute__code"):
        found[pk] |= {code} - {None}
    return found


def _foreign(
    members: Iterable[str],
    own: set[str],
    variants: Mapping[int, set[str]],
    written: Mapping[int, str],
) -> Errors:
    belonging = set(members)
    errors = {f"attributes.{code}": [not_of_type()] for code in sorted(own - belonging)}
    for pk, codes in variants.items():
        for code in sorted(codes - belonging):
            if pk in written:
                errors[f"{written[pk]}.{code}"] = [not_of_type()]
            else:
                message = _("Variants have the attribute “%(code)s”, which this type does not.")
                errors["type"] = [ValidationError(message, "not_of_type", {"code": code})]
    return errors


def _lacking(
    required: Mapping[str, bool],
    own: set[str],
    variants: Mapping[int, set[str]],
    written: Mapping[int, str],
) -> Errors:
    """Return what is missing, at the variants where the attribute tells variants apart."""
    errors: Errors = {}
    for code, is_variant in required.items():
        bare = [pk for pk, codes in variants.items() if code not in codes]
        if code in own or not bare:
            continue
        places = [written[pk] for pk in bare if pk in written] if is_variant else []
        for place in places or ["attributes"]:
            errors[f"{place}.{code}"] = [missing()]
    return errors
