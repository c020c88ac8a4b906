"""Variants of every combination of chosen values, made at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import product as every_combination
from math import prod
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import AttributeValue, Product, Variant
from shopkit.core.text import fold

from .attribution import MOST_ATTRIBUTES, combination_of, resolve_values
from .cached import refresh_products
from .fitting import check_fit
from .uniqueness import atomic_and_unique
from .variants import VariantData, insert_variants, lock_product

LONGEST_PATTERN = 100
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PRODUCT, NUMBER = "product", "number"

Values = Sequence[AttributeValue]


@dataclass(frozen=True)
class Generation:
    """What to make variants of.

    choices -- {code of an attribute that makes variants: values as text}
    price, sale_price -- of each, in the shop's currency; the second is lower, or None
    stock -- units of each on the shelf at first
    sku_pattern -- "" makes unique SKUs. "SHIRT-{colour}-{size}" takes each variant's values,
        "{product}" is the product's slug, "{number}" counts the product's variants from 1
    """

    choices: Mapping[str, Sequence[str]]
    price: Decimal
    sale_price: Decimal | None = None
    stock: int = 0
    sku_pattern: str = ""


@dataclass(frozen=True)
class Generated:
    """made -- the new variants; kept -- how many combinations there were already"""

    made: Sequence[Variant]
    kept: int


def generate_variants(product: Product, wanted: Generation, *, actor: Any = None) -> Generated:
    """Make the variants of all combinations that ``product`` lacks: all of them or none.

    Combinations that it has stay as they are. One that is switched off stays so, and gets no
    twin: somebody took it out of the range. So doing it twice makes nothing the second time, and
    of two who do it at once the second finds everything made.

    A constant number of statements however many variants there are.

    actor -- the user who does it, for the stock ledger

    Raises ValidationError: "choices" (required, too_many), "choices.<code>" (required,
    unknown_attribute, not_variant, unknown_value, invalid_value, not_of_type), "sku_pattern"
    (unknown_placeholder, unique, ...), "variants" (too_many), "price", "sale_price", "stock";
    Product.DoesNotExist when it is off sale for ever.
    """
    with _in_its_words(), atomic_and_unique():
        locked = lock_product(product)
        combinations = _combinations(wanted.choices)
        known = dict(locked.variants.values_list("combination", "position"))
        missing = [one for one in combinations if combination_of(one) not in known]
        if missing:
            data = _data(locked, wanted, missing, known)
            made = insert_variants(locked, data, missing, actor=actor, prefixes=[""] * len(missing))
            check_fit(locked, written={one.pk: "choices" for one in made})
            refresh_products([locked.pk])
        else:
            made = []
    return Generated(made=made, kept=len(combinations) - len(missing))


def preview_variants(product: Product, wanted: Generation) -> Generated:
    """Return what ``generate_variants`` would, and raise what it would; nothing stays."""
    with transaction.atomic():
        generated = generate_variants(product, wanted)
        transaction.set_rollback(True)
    return generated


def _combinations(choices: Mapping[str, Sequence[str]]) -> list[Values]:
    """Return every combination, in the attributes' order; new values are saved."""
    most = catalog_settings().MAX_VARIANTS
    _refuse_empty(choices)
    if len(choices) > MOST_ATTRIBUTES:
        message = _("At most %d attributes.") % MOST_ATTRIBUTES
        raise ValidationError({"choices": ValidationError(message, code="too_many")})
    pairs = [(code, text) for code, texts in choices.items() for text in dict.fromkeys(texts)]
    # Before anything is made of them: a product of lists grows fast.
    if len(pairs) > most or prod(len(set(texts)) for texts in choices.values()) > most:
        message = _("A product has at most %d variants.") % most
        raise ValidationError({"choices": ValidationError(message, code="too_many")})
    resolved = resolve_values([("", {code: text}) for code, text in pairs])
    by_code: dict[str, dict[int, AttributeValue]] = {}
    for [value] in resolved:
        by_code.setdefault(value.attribute.code, {})[value.pk] = value
    lists = sorted(by_code.values(), key=_place)
    wrong = [code for code, own in by_code.items() if not _makes_variants(own)]
    if wrong:
        message = _("This attribute does not make variants.")
        error = ValidationError(message, code="not_variant")
        raise ValidationError({f"choices.{code}": error for code in wrong})
    return list(every_combination(*(own.values() for own in lists)))


def _refuse_empty(choices: Mapping[str, Sequence[str]]) -> None:
    if not choices:
        message = _("Choose values of at least one attribute.")
        raise ValidationError({"choices": ValidationError(message, code="required")})
    empty = ValidationError(_("Choose at least one value."), code="required")
    if bare := {f"choices.{code}": empty for code, texts in choices.items() if not texts}:
        raise ValidationError(bare)


def _place(own: Mapping[int, AttributeValue]) -> tuple[int, str]:
    attribute = next(iter(own.values())).attribute
    return attribute.position, attribute.code


def _makes_variants(own: Mapping[int, AttributeValue]) -> bool:
    return all(value.attribute.is_variant for value in own.values())


def _data(
    product: Product, wanted: Generation, missing: Sequence[Values], known: Mapping[str, int]
) -> list[VariantData]:
    _check_pattern(wanted)
    position = max(known.values(), default=-1) + 1
    return [
        VariantData(
            price=wanted.price,
            sale_price=wanted.sale_price,
            stock=wanted.stock,
            position=position + index,
            sku=_sku(wanted.sku_pattern, product, values, len(known) + index + 1),
        )
        for index, values in enumerate(missing)
    ]


def _check_pattern(wanted: Generation) -> None:
    if len(wanted.sku_pattern) > LONGEST_PATTERN:
        message = _("At most %d characters.") % LONGEST_PATTERN
        raise ValidationError({"sku_pattern": ValidationError(message, code="max_length")})
    allowed = {PRODUCT, NUMBER, *wanted.choices}
    if unknown := [name for name in PLACEHOLDER.findall(wanted.sku_pattern) if name not in allowed]:
        message = _("There is nothing to put in place of “{%(name)s}”.")
        error = ValidationError(message, "unknown_placeholder", {"name": unknown[0]})
        raise ValidationError({"sku_pattern": error})


def _sku(pattern: str, product: Product, values: Values, number: int) -> str:
    """Return the SKU in capitals, digits and hyphens; values of other scripts are written over."""
    words = {PRODUCT: product.slug, NUMBER: str(number)}
    words |= {value.attribute.code: value.value for value in values}
    return PLACEHOLDER.sub(lambda found: _code_of(words[found[1]]), pattern)


def _code_of(text: str) -> str:
    return slugify(fold(text.replace(".", "-"))).upper().strip("-_")


@contextmanager
def _in_its_words() -> Iterator[None]:
    """Call the fields of variants what this use case calls them."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        named: dict[str, Any] = {}
        for name, wrong in error.error_dict.items():
            first, dot, rest = name.partition(".")
            own = {"sku": "sku_pattern", "attributes": "choices"}.get(first, first)
            named[f"{own}{dot}{rest}"] = wrong
        raise ValidationError(named) from error
