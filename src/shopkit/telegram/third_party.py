"""The data of a Mini App checked without the bot's token, by Telegram's public key.

For a site that serves somebody else's bot. Needs the extra ``mini-app``.
"""

import base64
import binascii
import hashlib

from django.core.exceptions import ImproperlyConfigured

from .mini_app import InitData, check_text, fresh_data, read_fields, refused

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # without the extra the module still imports; only its use is refused
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

PRODUCTION_KEY = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
TEST_KEY = "40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec"


def verify_third_party(
    init_data: str, *, bot_id: int, public_key: str = PRODUCTION_KEY, at: float | None = None
) -> InitData:
    """Return what Telegram signed for everybody; otherwise like ``verify_init_data``.

    bot_id -- the number before the colon of that bot's token
    public_key -- Telegram's, as hexadecimal digits; another one for its test data centre

    Raises ImproperlyConfigured where the extra is not installed.
    """
    if Ed25519PublicKey is None:
        raise ImproperlyConfigured(
            'Checking Mini Apps of other bots needs cryptography: pip install "shopkit[mini-app]".'
        )
    fields = read_fields(init_data)
    fields.pop("hash", "")
    signature = _decoded(fields.pop("signature", ""))
    message = f"{bot_id}:WebAppData\n{check_text(fields)}".encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise refused() from None
    return fresh_data(fields, digest=hashlib.sha256(message).hexdigest(), at=at)


def _decoded(signature: str) -> bytes:
    """Return the bytes of URL-safe base64 without padding."""
    try:
        return base64.b64decode(f"{signature}{'=' * (-len(signature) % 4)}", b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise refused() from None
