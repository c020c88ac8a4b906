"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Payments."""

    name = "shopkit.payments"
    label = "shopkit_payments"
    verbose_name = _("Shop: payments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section, the checks and the probes."""
        from . import checks, conf, doctor  # noqa: F401
