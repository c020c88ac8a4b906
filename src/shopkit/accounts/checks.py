"""System checks: what would make tokens forgeable, or useless."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.encoding import force_bytes
from rest_framework.settings import api_settings

SHORTEST_KEY = 32
AUTHENTICATION = "shopkit.accounts.api.authentication.SessionTokenAuthentication"


@register("shopkit")
def check_signing_key(**_: Any) -> list[CheckMessage]:
    """E001: tokens are signed with SECRET_KEY; a short one can be guessed."""
    if len(force_bytes(settings.SECRET_KEY)) >= SHORTEST_KEY:
        return []
    text = f"SECRET_KEY is shorter than {SHORTEST_KEY} bytes; tokens signed with it can be forged."
    hint = "Make one with django.core.management.utils.get_random_secret_key()."
    return [Error(text, hint=hint, id="shopkit.accounts.E001")]


@register("shopkit")
def check_authentication(**_: Any) -> list[CheckMessage]:
    """W001: nobody reads the tokens that signing in hands out."""
    chosen_classes: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    named = {
        f"{base.__module__}.{base.__qualname__}"
        for chosen in chosen_classes
        for base in chosen.__mro__
    }
    if AUTHENTICATION in named:
        return []
    return [
        Warning(
            "No authentication class of the site reads shopkit's tokens.",
            hint=f'Add "{AUTHENTICATION}" to REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"].',
            id="shopkit.accounts.W001",
        )
    ]
