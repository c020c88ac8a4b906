"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class ReviewsConfig(AppConfig):
    """Reviews and likes."""

    name = "shopkit.reviews"
    label = "shopkit_reviews"
    verbose_name = _("Shop: reviews")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-withdrawn-reviews",
            run="shopkit.reviews.services.forget_withdrawals",
            task="shopkit.reviews.tasks.forget_withdrawals",
            every=timedelta(days=1),
        ),
    )

    def ready(self) -> None:
        """Register the settings section, its check and the probes; listen for leaving users."""
        from . import checks, conf, doctor, receivers  # noqa: F401

        receivers.connect()
