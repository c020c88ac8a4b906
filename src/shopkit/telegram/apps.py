"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelegramConfig(AppConfig):
    """The bot: what comes in is kept and routed, what goes out is sent."""

    name = "shopkit.telegram"
    label = "shopkit_telegram"
    verbose_name = _("Shop: Telegram")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section, the checks and the subscriber."""
        from . import checks, conf, receivers  # noqa: F401
