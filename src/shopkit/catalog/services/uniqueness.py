"""What the database's unique constraints say, in terms of the input that broke them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

# What names the column in the first line of every engine's message -> field, code, sentence.
TAKEN: dict[str, tuple[str, str, Any]] = {
    "combination": (
        "attributes",
        "duplicate_combination",
        _("Another variant of this product has the same values."),
    ),
    "sku": ("sku", "unique", _("Another variant has this SKU.")),
    "slug": ("slug", "unique", _("Something else has this slug.")),
    "producttype_code": ("code", "unique", _("Another product type has this code.")),
    "producttype.code": ("code", "unique", _("Another product type has this code.")),
    "code": ("code", "unique", _("Another attribute has this code.")),
    "attributevalue_once": ("value", "unique", _("The attribute has this value already.")),
    "attributevalue.value": ("value", "unique", _("The attribute has this value already.")),
}


def taken(column: str) -> ValidationError:
    """Return the error of one field whose value is in use."""
    _field, code, sentence = TAKEN[column]
    return ValidationError(sentence, code=code)


@contextmanager
def atomic_and_unique() -> Iterator[None]:
    """Run in a transaction; lost races for a unique value come out as invalid input.

    Services look before they write, so this speaks only when two writers looked at once.

    Raises ValidationError naming the field.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # Only the first line: PostgreSQL quotes the offending values in the next.
        line = str(error).partition("\n")[0].lower()
        if "unique" not in line:
            raise
        for part, (field, code, sentence) in TAKEN.items():
            if part in line:
                raise ValidationError({field: ValidationError(sentence, code=code)}) from error
        raise
