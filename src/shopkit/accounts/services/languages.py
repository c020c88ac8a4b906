"""Which language somebody is written to in: his account's, else the one he asks the site in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from shopkit.accounts.conf import LANGUAGES
from shopkit.accounts.models import Profile
from shopkit.otp.services import Verified


def language_asked(request: HttpRequest) -> str:
    """Return the language of LANGUAGES that ``request`` asks for, "" when it names none of them."""
    if not request.headers.get("Accept-Language"):
        return ""
    primary = get_language_from_request(request).lower().partition("-")[0]
    return primary if primary in LANGUAGES else ""


def language_at_asking(verified: Verified) -> str:
    """Return the language that a code was asked for in, "" when that says nothing.

    A page that opens a mailed link may speak another language, or none.
    """
    primary = verified.language.lower().partition("-")[0]
    is_default = primary == settings.LANGUAGE_CODE.lower().partition("-")[0]
    return primary if primary in LANGUAGES and not is_default else ""


def language_of(user: Any) -> str:
    """Return the language that ``user`` has chosen, or registered in; "" for none."""
    rows = Profile.objects.filter(user=user)
    return rows.values_list("language", flat=True).first() or ""


def language_at(destination: str) -> str:
    """Return the language of whoever has proven ``destination``, "" for nobody's and for none.

    The same statement for known and unknown.
    """
    rows = Profile.objects.all().of_destination(destination)
    return rows.values_list("language", flat=True).first() or ""


def keep_language(user: Any, language: str) -> None:
    """Write to ``user`` in ``language`` from now on, unless he has chosen one already."""
    if language:
        Profile.objects.get_or_create(user=user)
        Profile.objects.filter(user=user, language="").update(language=language)
