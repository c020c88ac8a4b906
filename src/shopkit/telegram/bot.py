"""The configured bot."""

from shopkit.core.backends import load_backend

from .backends.base import TelegramBackend
from .conf import telegram_settings


def configured_bot() -> TelegramBackend:
    """Return the backend that the settings name. Raises ImproperlyConfigured."""
    settings = telegram_settings()
    spec = {
        "BACKEND": settings.BACKEND,
        "OPTIONS": {"token": settings.BOT_TOKEN, **settings.OPTIONS},
    }
    return load_backend(spec, base=TelegramBackend)
