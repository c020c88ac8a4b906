"""System checks of payments."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from .providers import providers


@register("shopkit")
def check_providers(**_: Any) -> list[CheckMessage]:
    """E001: a gateway cannot be built from its setting."""
    try:
        providers()
    except ImproperlyConfigured as error:
        text = f'SHOPKIT["PAYMENTS"]["PROVIDERS"]: {error}'
        return [Error(text, id="shopkit.payments.E001")]
    return []
