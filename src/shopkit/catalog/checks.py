"""System checks of the catalogue."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from .availability import availability


@register("shopkit")
def check_availability(**_: Any) -> list[CheckMessage]:
    """E001: who knows the stock cannot be built from its setting."""
    try:
        availability()
    except ImproperlyConfigured as error:
        text = f'SHOPKIT["CATALOG"]["AVAILABILITY"]: {error}'
        return [Error(text, id="shopkit.catalog.E001")]
    return []
