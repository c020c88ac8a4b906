"""Who is certainly nobody in particular, seen without asking the site's authentication."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import (
    BasicAuthentication,
    SessionAuthentication,
    TokenAuthentication,
)

from .permissions import AllowAny, ReadOnlyOrStaff

# Another class says so of itself, not of its subclasses: ``by_credentials = True``.
BY_CREDENTIALS = frozenset({BasicAuthentication, SessionAuthentication, TokenAuthentication})
OPEN = frozenset({AllowAny, ReadOnlyOrStaff})


def is_nobody(request: HttpRequest, view: type[Any]) -> bool:
    """Say whether nobody in particular asks ``view``, as far as that is certain.

    No Authorization header, no cookie, no user whom a middleware or a test's client put there; and
    no rule of the view that could see somebody or count anybody.
    """
    if request.META.get("HTTP_AUTHORIZATION") or request.META.get("HTTP_COOKIE"):
        return False
    if not _has_known_rules(view) or hasattr(request, "_force_auth_user"):  # type: ignore[arg-type]  # classes are hashable
        return False
    if SessionAuthentication not in view.authentication_classes:
        return True
    user = getattr(request, "user", None)
    return not (user and user.is_authenticated)


@cache
def _has_known_rules(view: type[Any]) -> bool:
    return (
        not view.throttle_classes
        and OPEN.issuperset(view.permission_classes)
        and all(
            one in BY_CREDENTIALS or vars(one).get("by_credentials")
            for one in view.authentication_classes
        )
    )
