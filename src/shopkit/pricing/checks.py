"""System check of the calculator's settings."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_callable

from .conf import pricing_settings


@register("shopkit")
def check_steps(**_: Any) -> list[CheckMessage]:
    """E001: a pricing step does not import or cannot be called."""
    try:
        paths = pricing_settings().STEPS
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    found: list[CheckMessage] = []
    for path in paths:
        try:
            load_callable(path)
        except ImproperlyConfigured as error:
            hint = 'SHOPKIT["PRICING"]["STEPS"] lists dotted paths of functions that take a Draft.'
            found.append(Error(str(error), hint=hint, id="shopkit.pricing.E001"))
    return found
