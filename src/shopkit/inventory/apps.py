"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class InventoryConfig(AppConfig):
    """Stock and reservations."""

    name = "shopkit.inventory"
    label = "shopkit_inventory"
    verbose_name = _("Shop: stock")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-grant-wishes",
            run="shopkit.inventory.wishes.grant_due",
            task="shopkit.inventory.tasks.grant_wishes",
            every=timedelta(minutes=10),
        ),
    )

    def ready(self) -> None:
        """Register the settings section, the checks, the probes and the subscriber."""
        from . import checks, conf, doctor, receivers  # noqa: F401
