"""What is signed and handed out: simplejwt's signing, our claims.

Access and refresh tokens carry ``sid``, the session that decides whether they count. simplejwt's
own tables are not used: they keep tokens in clear.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from shopkit.accounts.conf import accounts_settings
from shopkit.accounts.errors import TokenExpired, TokenInvalid
from shopkit.accounts.models import AuthSession

ALGORITHM = "HS256"
ACCESS, REFRESH = "access", "refresh"


@dataclass(frozen=True)
class Tokens:
    """What a client signs its calls with.

    expires_in -- seconds until ``access`` expires
    """

    access: str
    refresh: str
    expires_in: int


@dataclass(frozen=True)
class Claims:
    """What a genuine token says.

    jti -- random name of this one token
    """

    session: UUID
    jti: str


def issue_tokens(session: AuthSession, *, jti: str) -> Tokens:
    """Sign a pair for ``session``.

    jti -- of the refresh token; its hash stands in the session's row
    """
    lifetimes = accounts_settings()
    access_seconds = int(lifetimes.ACCESS_LIFETIME.total_seconds())
    refresh_seconds = int(lifetimes.REFRESH_LIFETIME.total_seconds())
    return Tokens(
        access=_sign(session, kind=ACCESS, jti=new_jti(), seconds=access_seconds),
        refresh=_sign(session, kind=REFRESH, jti=jti, seconds=refresh_seconds),
        expires_in=access_seconds,
    )


def read_token(token: str, *, kind: str) -> Claims:
    """Return what a token of ours says. Whether its session is alive is for the caller to ask.

    kind -- ACCESS or REFRESH; the one does not pass for the other

    Raises TokenExpired, or TokenInvalid for everything else.
    """
    try:
        claims = _backend().decode(token)  # type: ignore[arg-type] # simplejwt names its own class here
        if claims["token_type"] != kind or "exp" not in claims:
            raise TokenInvalid
        return Claims(session=UUID(claims["sid"]), jti=str(claims["jti"]))
    except TokenBackendExpiredToken as error:
        raise TokenExpired from error
    # PyJWT reads the unsigned header first; older ones let a RecursionError out when it is nested.
    except (TokenBackendError, RecursionError, KeyError, ValueError) as error:
        raise TokenInvalid from error


def new_jti() -> str:
    """Return a token's name: 128 random bits."""
    return secrets.token_hex(16)


def hash_jti(jti: str) -> str:
    """Return what may be stored of a refresh token."""
    return hashlib.sha256(jti.encode()).hexdigest()


def _sign(session: AuthSession, *, kind: str, jti: str, seconds: int) -> str:
    now = int(time.time())
    return _backend().encode(
        {
            "token_type": kind,
            "sid": str(session.pk),
            "user_id": str(session.user_id),
            "jti": jti,
            "iat": now,
            "exp": now + seconds,
        }
    )


def _backend() -> TokenBackend:
    # A key of our own, derived from SECRET_KEY: were it SECRET_KEY itself, simplejwt's views on
    # the same site would take our tokens, without looking at their session, and we theirs.
    key = salted_hmac("shopkit.accounts.tokens", ALGORITHM, algorithm="sha256").hexdigest()
    return TokenBackend(ALGORITHM, signing_key=key)
