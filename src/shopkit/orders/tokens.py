"""The secret that lets a guest see the one order that he placed.

It is derived from the number by the site's key, so nothing of it is stored and a replayed answer
carries the same one.
"""

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

SALT = "shopkit.orders.token"


def order_token(number: str) -> str:
    """Return the token of an order: 256 bits that only this site can make."""
    return Signer(salt=SALT).signature(number)


def is_token_of(number: str, token: str) -> bool:
    """Say whether ``token`` opens the order, under the current key or a fallback."""
    if not token.isascii() or not number.isascii():
        return False
    try:
        signed = Signer(salt=SALT).unsign(f"{number}:{token}")
    except BadSignature:
        return False
    return constant_time_compare(signed, number)
