"""Bearer tokens: who is calling, found in one statement."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from shopkit.accounts.errors import TokenInvalid
from shopkit.accounts.models import AuthSession
from shopkit.accounts.services import session_of


class SessionTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <access>``; ``request.auth`` is the AuthSession.

    The session is looked at on every call, so that signing out is immediate. Works on a site's own
    REST framework views as well.
    """

    by_credentials = True  # looks at the Authorization header alone

    def authenticate(self, request: Request) -> tuple[Any, AuthSession] | None:
        """Return the user and the session, or None when no bearer token was sent.

        Raises AuthenticationFailed (401), code "token_expired" or "token_invalid".
        """
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        try:
            session = session_of(_token_of(words))
        except TokenInvalid as error:
            raise AuthenticationFailed(str(error), code=error.code) from error
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        """Make "not signed in" 401."""
        return "Bearer"


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the scheme in the OpenAPI document."""

    target_class = SessionTokenAuthentication
    name = "bearer"
    match_subclasses = True

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        description = "The access token that signing in answers."
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": description,
        }


def _token_of(words: list[bytes]) -> str:
    if len(words) != 2:  # the scheme and the token, RFC 6750
        raise TokenInvalid
    return words[1].decode("latin-1")
