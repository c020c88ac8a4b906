"""System checks of payments."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured

from .backends.dummy import DummyBackend
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


@register("shopkit")
def check_dummy(**_: Any) -> list[CheckMessage]:
    """E005: anybody could pay by pressing a button; the gateway refuses, so nobody can pay."""
    if settings.DEBUG or check_providers():
        return []
    return [
        Error(
            f'SHOPKIT["PAYMENTS"]["PROVIDERS"]: {code!r} is the dummy gateway, and DEBUG is off.',
            hint="It works with DEBUG on only. Name it in the settings of your desk, not in those "
            "of the shop; in those of a test run that switches DEBUG off, silence this.",
            id="shopkit.payments.E005",
        )
        for code, backend in providers().items()
        if isinstance(backend, DummyBackend)
    ]


@register("shopkit", deploy=True)
def check_moves_money(**_: Any) -> list[CheckMessage]:
    """W001: a gateway of the shop is a sandbox; goods would be sold for nothing."""
    if check_providers():
        return []
    return [
        CheckWarning(
            f'SHOPKIT["PAYMENTS"]["PROVIDERS"]: {code!r} moves no money.',
            hint="Give it the account and the keys of the real gateway, or leave it out.",
            id="shopkit.payments.W001",
        )
        for code, backend in providers().items()
        if backend.for_development
    ]
