"""The configured gateways."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.core.backends import load_backend

from .backends.base import PaymentBackend
from .conf import payments_settings
from .errors import UnknownProvider


def providers() -> dict[str, PaymentBackend]:
    """Return every configured gateway by its code."""
    return {
        code: load_backend(spec, base=PaymentBackend)
        for code, spec in payments_settings().PROVIDERS.items()
    }


def backend_of(code: str) -> PaymentBackend:
    """Return one gateway. Raises UnknownProvider when the site has none of this code."""
    spec = payments_settings().PROVIDERS.get(code)
    if spec is None:
        raise UnknownProvider
    return load_backend(spec, base=PaymentBackend)


def provider_of(code: str) -> PaymentBackend:
    """Return one gateway. Raises ValidationError (attr ``provider``) for an unknown code."""
    try:
        return backend_of(code)
    except UnknownProvider:
        wrong = ValidationError(_("There is no such payment method."), code="unknown_provider")
        raise ValidationError({"provider": wrong}) from None
