"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Orders."""

    name = "shopkit.orders"
    label = "shopkit_orders"
    verbose_name = _("Shop: orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section, the checks and the subscribers."""
        from . import checks, conf, receivers  # noqa: F401
