"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    """Stock and reservations."""

    name = "shopkit.inventory"
    label = "shopkit_inventory"
    verbose_name = _("Shop: stock")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section, the checks, the probes and the subscriber."""
        from . import checks, conf, doctor, receivers  # noqa: F401
