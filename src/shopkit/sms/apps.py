"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class SmsConfig(AppConfig):
    """Text messages."""

    name = "shopkit.sms"
    label = "shopkit_sms"
    verbose_name = _("Shop: text messages")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-text-messages",
            run="shopkit.sms.services.forget_messages",
            task="shopkit.sms.tasks.forget_messages",
            every=timedelta(hours=1),
        ),
    )

    def ready(self) -> None:
        """Register the settings section and its checks."""
        from . import checks, conf  # noqa: F401
