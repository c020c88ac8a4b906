"""The code of a challenge: computed whenever it is needed, kept nowhere.

A worker that is told a challenge's id computes the very code that the one who checks it computes;
who reads the database without the server key computes nothing.
"""

import hashlib
import hmac
import unicodedata
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes
from django.views.decorators.debug import sensitive_variables

from .conf import otp_settings
from .models import Challenge

LONGEST_INPUT = 64


class KeyRetired(LookupError):
    """The server key that a challenge was made with is not in the settings any more."""


@sensitive_variables()
def server_keys() -> dict[str, bytes]:
    """Return the keys by id, the one for new challenges first."""
    given = otp_settings().KEYS
    if given:
        return {name: secret.encode() for name, secret in given.items()}
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [_hmac(force_bytes(secret), b"shopkit.otp.key") for secret in secrets]
    return {hashlib.sha256(key).hexdigest()[:16]: key for key in derived}


@sensitive_variables()
def derive(challenge: Challenge) -> str:
    """Return the code of ``challenge``.

    Raises KeyRetired.
    """
    keys = server_keys()
    if challenge.key_id not in keys:
        raise KeyRetired(challenge.key_id)
    return compute(
        keys[challenge.key_id],
        nonce=challenge.nonce,
        purpose=challenge.purpose,
        destination=challenge.destination,
        challenge=challenge.pk,
        length=challenge.length,
    )


@sensitive_variables()
def compute(
    key: bytes, *, nonce: str, purpose: str, destination: str, challenge: UUID, length: int
) -> str:
    """Return HMAC-SHA256 of ``nonce|purpose|destination|challenge``, truncated as in RFC 4226, 5.3.

    Only the destination may hold a bar, so no two challenges share a text.
    """
    text = f"{nonce}|{purpose}|{destination}|{challenge}"
    digest = _hmac(key, text.encode())
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**length).zfill(length)


@sensitive_variables()
def read_digits(text: str) -> str:
    """Return the digits of what a person typed; "" for what is no code.

    Blanks, hyphens and invisible signs are left out; digits of any script count.
    """
    kept = [
        letter
        for letter in text[:LONGEST_INPUT]
        if not (letter.isspace() or unicodedata.category(letter) in {"Zs", "Cf", "Pd"})
    ]
    if not all(letter.isdecimal() for letter in kept):
        return ""
    return "".join(str(unicodedata.decimal(letter)) for letter in kept)


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()
