"""Metadata: what a site keeps beside a product, a variant or an order; flat and bounded.

Keys that begin with an underscore are private: they are stored and never shown to the public.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .text import is_storable

MOST_ENTRIES = 50
LONGEST_KEY = 50
LONGEST_TEXT = 500
# What every JSON reader holds exactly (RFC 8259, section 6).
LARGEST_NUMBER = 2**53 - 1


def validate_metadata(value: Any) -> None:
    """Refuse what is not a flat dict of at most 50 texts, whole numbers, booleans and nulls.

    Raises ValidationError of the field ``metadata``: invalid_metadata.
    """
    if not isinstance(value, Mapping):
        raise _invalid(_("Metadata is an object of names and values."))
    if len(value) > MOST_ENTRIES:
        raise _invalid(_("Metadata has at most %d entries.") % MOST_ENTRIES)
    for key, entry in value.items():
        if not _is_key(key):
            raise _invalid(_("A metadata name is a text of 1 to %d characters.") % LONGEST_KEY)
        if not _is_entry(entry):
            message = _("“%(key)s” must be a short text, a whole number, a boolean or null.")
            raise _invalid(message % {"key": key})


def public_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries that anybody may see."""
    return {key: value for key, value in metadata.items() if not key.startswith("_")}


def merge_metadata(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``new`` with those private entries of ``old`` that it does not name.

    Who replaces metadata through the API has never been shown the private part and would
    delete it unknowingly.
    """
    private = {key: value for key, value in old.items() if key.startswith("_")}
    return {**private, **new}


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and 1 <= len(key) <= LONGEST_KEY and key.isprintable()


def _is_entry(entry: Any) -> bool:
    if entry is None or isinstance(entry, bool):
        return True
    if isinstance(entry, int):
        return abs(entry) <= LARGEST_NUMBER
    return isinstance(entry, str) and len(entry) <= LONGEST_TEXT and is_storable(entry)


def _invalid(message: str) -> ValidationError:
    return ValidationError({"metadata": ValidationError(message, code="invalid_metadata")})
