"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class TelegramConfig(AppConfig):
    """The bot: what comes in is kept and routed, what goes out is sent."""

    name = "shopkit.telegram"
    label = "shopkit_telegram"
    verbose_name = _("Shop: Telegram")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-updates",
            run="shopkit.telegram.services.forget_updates",
            task="shopkit.telegram.tasks.forget_updates",
            every=timedelta(hours=1),
        ),
    )

    def ready(self) -> None:
        """Register the settings section, the checks, the subscriber and the probes."""
        from . import checks, conf, doctor, receivers  # noqa: F401
