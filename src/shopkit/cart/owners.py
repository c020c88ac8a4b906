"""Whose cart: a user's, or that of whoever holds a guest's secret token.

A token is a random secret and our signature over it, so a stranger's text is told from a token of
ours without a look into the store. What is stored is only its hash.
"""

import hashlib
import secrets
from typing import Any

from django.core import signing

GUEST = "guest:"
SALT = "shopkit.cart.token"
SECRET_BYTES = 24
LONGEST_TOKEN = 200


def owner_of_user(user: Any) -> str:
    """Return the owner text of a saved user: "user:5"."""
    return f"user:{user.pk}"


def owner_of_token(token: str) -> str:
    """Return the owner text of a guest: "guest:" and the SHA-256 of the token."""
    return f"{GUEST}{hashlib.sha256(token.encode()).hexdigest()}"


def new_token() -> str:
    """Return a guest's new secret: 192 random bits, signed."""
    return signing.Signer(salt=SALT).sign(secrets.token_urlsafe(SECRET_BYTES))


def is_genuine(token: str) -> bool:
    """Say whether this site made ``token``, with its SECRET_KEY or one of SECRET_KEY_FALLBACKS."""
    if not 1 <= len(token) <= LONGEST_TOKEN:
        return False
    try:
        signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return False
    return True
