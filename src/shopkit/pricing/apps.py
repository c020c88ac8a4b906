"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PricingConfig(AppConfig):
    """The calculator; it has no tables."""

    name = "shopkit.pricing"
    label = "shopkit_pricing"
    verbose_name = _("Shop: prices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section and its check."""
        from . import checks, conf  # noqa: F401
