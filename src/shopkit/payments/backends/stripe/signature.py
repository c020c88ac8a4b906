"""The proof that Stripe sent it: an HMAC over the raw body and the second it was sent at.

By our own hand, because the package decodes the body first and takes stamps of next year.
"""

import hashlib
import hmac
from collections.abc import Sequence

#: Seconds that a stamp may lie away from our clock, to either side. Stripe's own tolerance.
TOLERANCE = 300


def is_signed(body: bytes, header: str, *, secrets: Sequence[str], now: float) -> bool:
    """Say whether ``header`` is one of Stripe's for ``body``, made with one of ``secrets``.

    header -- "t=1767225600,v1=<hex>[,v1=<hex>...]"; schemes other than v1 prove nothing
    now -- seconds since 1970
    """
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    given = [value.encode() for name, _, value in pairs if name == "v1"]
    if len(stamps) != 1 or not _is_near(stamps[0], now):
        return False
    right = [_mac(body, stamps[0], one) for one in secrets]
    return any(hmac.compare_digest(one.encode(), other) for one in right for other in given)


def header_of(body: bytes, *, secret: str, stamp: int) -> str:
    """Return the header that ``is_signed`` takes; what Stripe does, for tests."""
    return f"t={stamp},v1={_mac(body, str(stamp), secret)}"


def _mac(body: bytes, stamp: str, secret: str) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _is_near(stamp: str, now: float) -> bool:
    is_number = stamp.isascii() and stamp.isdigit() and len(stamp) <= 12
    return is_number and abs(int(stamp) - now) <= TOLERANCE
