"""System check of the cart's settings."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_backend

from .conf import cart_settings
from .stores.base import CartStore


@register("shopkit")
def check_store(**_: Any) -> list[CheckMessage]:
    """E001: the configured store cannot be built."""
    try:
        settings = cart_settings()
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    try:
        load_backend({"BACKEND": settings.BACKEND, "OPTIONS": settings.OPTIONS}, base=CartStore)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="shopkit.cart.E001")]
    return []
