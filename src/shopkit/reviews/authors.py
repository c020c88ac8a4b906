"""The name under which everybody reads a review: nothing that reaches or signs in its author."""

import re
import unicodedata
from typing import Any

from django.utils.translation import pgettext

from shopkit.core.backends import load_callable

from .conf import reviews_settings

LONGEST = 60
# Five digits are no name, however they are spaced; an @ is an address or a handle.
CONTACT = re.compile(r"@|(?:\d\D*){5}")


def author_name(user: Any) -> str:
    """Return what the site calls ``user`` in public, or "Customer" in the reader's language."""
    told = load_callable(reviews_settings().AUTHOR_NAME)(user)
    shown = "".join(letter if letter.isprintable() else " " for letter in str(told or ""))
    name = " ".join(shown.split())[:LONGEST]
    if not name or CONTACT.search(unicodedata.normalize("NFKC", name)):
        return pgettext("author of a review", "Customer")
    return name


def short_name(user: Any) -> str:
    """Return the first name and the last name's first letter: "Anna K."; "" without a first name.

    User names are not shown: people sign in with them.
    """
    first = str(getattr(user, "first_name", "") or "").strip()
    last = str(getattr(user, "last_name", "") or "").strip()
    return f"{first} {last[0]}." if first and last else first
