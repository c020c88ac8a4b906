"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class OrdersConfig(AppConfig):
    """Orders."""

    name = "shopkit.orders"
    label = "shopkit_orders"
    verbose_name = _("Shop: orders")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-expire-orders",
            run="shopkit.orders.services.expire_all",
            task="shopkit.orders.tasks.expire_orders",
            every=timedelta(minutes=1),
        ),
        Job(
            "shopkit-recount-popularity",
            run="shopkit.orders.services.recount_popularity",
            task="shopkit.orders.tasks.recount_popularity",
            every=timedelta(hours=1),
        ),
    )

    def ready(self) -> None:
        """Register the settings section, the checks, the subscribers and the probes."""
        from . import checks, conf, doctor, receivers  # noqa: F401
