"""Settings: the example project, whose people sign in by a word, so that no token runs out.

``X-Fuzz: admin`` is the user of that name, whatever the fuzzer has done to his sessions before.
"""

from typing import Any

from config.settings import *  # noqa: F403
from config.settings import REST_FRAMEWORK
from django.contrib.auth import get_user_model
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

# A site in production answers a bug with problem+json, so nothing may hide behind a debug page.
DEBUG_PROPAGATE_EXCEPTIONS = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # it is not hashing we try
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tests.fuzz.site.ByWord",
        *REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"],
    ],
    "DEFAULT_THROTTLE_CLASSES": [],
}


class ByWord(BaseAuthentication):
    """Believes a header; by key, because a fuzzer renames people."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the user that the header names."""
        key = request.headers.get("X-Fuzz", "")
        return (get_user_model().objects.get(pk=key), None) if key.isdigit() else None

    def authenticate_header(self, request: Request) -> str:
        """Make "not signed in" 401."""
        return "Bearer"
