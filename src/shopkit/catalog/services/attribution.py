"""From ``{"colour": "Red"}`` to rows: the values that products and variants have."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.models import Attribute, AttributeValue

MOST_ATTRIBUTES = 20
LONGEST_VALUE = 200
NUMBER_SCALE = 10_000
LARGEST_NUMBER = Decimal(900_000_000_000_000)
# Types whose values are chosen from a list; those of the others are made on the fly.
CLOSED = frozenset({Attribute.Type.CHOICE, Attribute.Type.COLOUR})

Wanted = Mapping[str, str]
Errors = dict[str, list[ValidationError]]


def resolve_values(wanted: Sequence[tuple[str, Wanted]]) -> list[list[AttributeValue]]:
    """Return the value rows of each mapping, in the attributes' order; new values are saved.

    A constant number of statements however many mappings there are. Call it in a transaction.

    wanted -- (prefix of error names, {attribute code: value as text})

    Raises ValidationError naming every "<prefix>attributes.<code>" that is unknown or does not
    fit its attribute.
    """
    if not any(own for _prefix, own in wanted):
        return [[] for _one in wanted]
    attributes = Attribute.objects.in_bulk(
        {code for _prefix, own in wanted for code in own}, field_name="code"
    )
    errors: Errors = {}
    texts = [_canonical(prefix, own, attributes, errors) for prefix, own in wanted]
    _refuse(errors)
    rows = _find_or_make(attributes, {pair for own in texts for pair in own.items()})
    for (prefix, _own), own in zip(wanted, texts, strict=True):
        for code, text in own.items():
            if (code, text) not in rows:
                message = _("“%(value)s” is not one of this attribute's values.")
                errors[f"{prefix}attributes.{code}"] = [
                    ValidationError(message, "unknown_value", {"value": text})
                ]
    _refuse(errors)
    return [_in_order(rows[pair] for pair in own.items()) for own in texts]


def canonical_value(kind: str, text: str) -> str:
    """Return how ``text`` is stored as a value of an attribute of type ``kind``.

    Numbers lose needless digits ("16.50" is "16.5"), booleans are "true" or "false".

    Raises ValidationError: invalid_value.
    """
    text = text.strip()
    if kind == Attribute.Type.NUMBER:
        return f"{_number(text):f}"
    if kind == Attribute.Type.BOOLEAN:
        text = text.lower()
        if text not in {"true", "false"}:
            raise _unfit(_("This attribute is true or false."))
    if not 1 <= len(text) <= LONGEST_VALUE:
        raise _unfit(_("A value has from 1 to %d characters.") % LONGEST_VALUE)
    return text


def scaled_number(kind: str, canonical: str) -> int | None:
    """Return a number's ten-thousandths, to compare by; None for other types."""
    if kind != Attribute.Type.NUMBER:
        return None
    return int(Decimal(canonical) * NUMBER_SCALE)


def combination_of(values: Sequence[AttributeValue]) -> str:
    """Return what tells a variant from its siblings: keys, so that renaming changes nothing."""
    return "|".join(sorted(f"{value.attribute_id}={value.pk}" for value in values))


def label_of(values: Sequence[AttributeValue]) -> str:
    """Return the values as people say them: "Red, 256 GB"."""
    return ", ".join(filter(None, map(_spoken, values)))[:LONGEST_VALUE]


def _spoken(value: AttributeValue) -> str:
    if value.attribute.type == Attribute.Type.BOOLEAN:
        return value.attribute.name if value.value == "true" else ""
    return f"{value.value} {value.attribute.unit}".strip()


def _canonical(
    prefix: str, own: Wanted, attributes: Mapping[str, Attribute], errors: Errors
) -> dict[str, str]:
    if len(own) > MOST_ATTRIBUTES:
        message = _("At most %d attributes.") % MOST_ATTRIBUTES
        errors[f"{prefix}attributes"] = [ValidationError(message, code="too_many")]
        return {}
    texts = {}
    for code, text in own.items():
        try:
            if code not in attributes:
                raise ValidationError(_("There is no such attribute."), code="unknown_attribute")
            texts[code] = canonical_value(attributes[code].type, str(text))
        except ValidationError as error:
            errors[f"{prefix}attributes.{code}"] = error.error_list
    return texts


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
        if not number.is_finite() or abs(number) > LARGEST_NUMBER:
            raise InvalidOperation
        scaled = number * NUMBER_SCALE
        if scaled != scaled.to_integral_value():
            raise InvalidOperation
    except (ArithmeticError, ValueError) as error:
        message = _("This attribute is a number with at most four digits after the point.")
        raise _unfit(message) from error
    # "+ 0" makes minus zero zero; normalize alone would write 1E+3.
    return number.normalize() + 0


def _find_or_make(
    attributes: Mapping[str, Attribute], pairs: set[tuple[str, str]]
) -> dict[tuple[str, str], AttributeValue]:
    rows = _find(attributes, pairs)
    missing = sorted(pair for pair in pairs - rows.keys() if attributes[pair[0]].type not in CLOSED)
    if not missing:
        return rows
    # In one order for all writers, and content when another one was first.
    AttributeValue.objects.bulk_create(
        [
            AttributeValue(
                attribute=attributes[code],
                value=text,
                number=scaled_number(attributes[code].type, text),
            )
            for code, text in missing
        ],
        ignore_conflicts=True,
    )
    return rows | _find(attributes, set(missing))


def _find(
    attributes: Mapping[str, Attribute], pairs: set[tuple[str, str]]
) -> dict[tuple[str, str], AttributeValue]:
    by_key = {attributes[code].pk: attributes[code] for code, _text in pairs}
    found = AttributeValue.objects.filter(
        attribute__in=by_key, value__in={text for _code, text in pairs}
    )
    rows = {}
    for row in found:
        row.attribute = by_key[row.attribute_id]
        rows[row.attribute.code, row.value] = row
    return rows


def _in_order(values: Iterable[AttributeValue]) -> list[AttributeValue]:
    return sorted(values, key=lambda value: (value.attribute.position, value.attribute.code))


def _unfit(message: str) -> ValidationError:
    return ValidationError(message, code="invalid_value")


def _refuse(errors: Errors) -> None:
    if errors:
        raise ValidationError(errors)
