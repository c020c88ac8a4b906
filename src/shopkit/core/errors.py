"""Two kinds of no: a rule refuses, or the world outside failed.

Malformed input that only a service can judge is Django's ``ValidationError``; anything else that
is raised is a bug.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ShopkitError(Exception):
    """What the two families share.

    code -- stable slug for programs
    message -- translated sentence for people
    details -- facts a program needs; JSON-ready, no personal data
    """

    code = "error"
    message: str | Promise = _("Something went wrong.")

    def __init__(self, message: str | Promise | None = None, **details: Any) -> None:
        super().__init__(message or self.message)
        self.details = details

    def __str__(self) -> str:
        return str(self.args[0])


class Refusal(ShopkitError):
    """A rule says no in this state; nothing has changed unless the subclass says so."""

    code = "refused"
    message = _("This is not possible now.")


class NotSignedIn(Refusal):
    """Who asks is not, or no longer, known: wrong credentials, an ended session."""

    code = "not_authenticated"
    message = _("Sign in first.")


class Forbidden(Refusal):
    """Who asks is known and may not."""

    code = "permission_denied"
    message = _("You may not do this.")


class RateLimited(Refusal):
    """details: {"retry_after": seconds}."""

    code = "rate_limited"
    message = _("Too many attempts. Try again later.")


class Conflict(Refusal):
    """The database refused what another request has just made impossible."""

    code = "conflict"
    message = _("This conflicts with another change. Look again and retry.")


class BackendError(ShopkitError):
    """Something outside this process failed; trying again later may help."""

    code = "service_unavailable"
    message = _("A service we depend on is not available. Try again later.")
