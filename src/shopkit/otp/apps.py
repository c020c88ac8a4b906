"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class OtpConfig(AppConfig):
    """One-time codes."""

    name = "shopkit.otp"
    label = "shopkit_otp"
    verbose_name = _("Shop: one-time codes")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-codes",
            run="shopkit.otp.services.purge",
            task="shopkit.otp.tasks.purge",
            every=timedelta(hours=1),
        ),
    )

    def ready(self) -> None:
        """Register the settings section, the checks and the sending of codes."""
        from . import checks, conf, receivers  # noqa: F401
