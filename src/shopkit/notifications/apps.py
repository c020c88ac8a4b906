"""App configuration."""

from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job

# What is told about is announced by these; each of them may be missing.
SOURCES = ("orders", "payments", "inventory", "reviews", "accounts")


class NotificationsConfig(AppConfig):
    """Messages to customers and staff, and the inbox."""

    name = "shopkit.notifications"
    label = "shopkit_notifications"
    verbose_name = _("Shop: notifications")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-notifications",
            run="shopkit.notifications.services.forget_events",
            task="shopkit.notifications.tasks.forget_events",
            every=timedelta(hours=6),
        ),
    )

    def ready(self) -> None:
        """Register settings, checks and probes, and the subscribers to installed apps."""
        from . import checks, conf, doctor, receivers  # noqa: F401

        for source in SOURCES:
            if apps.is_installed(f"shopkit.{source}"):
                import_module(f"{self.name}.receivers.{source}")
