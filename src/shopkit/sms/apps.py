"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmsConfig(AppConfig):
    """Text messages."""

    name = "shopkit.sms"
    label = "shopkit_sms"
    verbose_name = _("Shop: text messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section and its checks."""
        from . import checks, conf  # noqa: F401
