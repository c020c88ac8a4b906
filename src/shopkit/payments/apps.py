"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class PaymentsConfig(AppConfig):
    """Payments."""

    name = "shopkit.payments"
    label = "shopkit_payments"
    verbose_name = _("Shop: payments")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-expire-payments",
            run="shopkit.payments.services.expire_payments",
            task="shopkit.payments.tasks.expire_payments",
            every=timedelta(minutes=1),
        ),
        Job(
            "shopkit-send-refunds",
            run="shopkit.payments.services.send_due_refunds",
            task="shopkit.payments.tasks.send_due_refunds",
            every=timedelta(minutes=1),
        ),
        Job(
            "shopkit-reconcile-payments",
            run="shopkit.payments.services.reconcile",
            task="shopkit.payments.tasks.reconcile",
            every=timedelta(minutes=5),
        ),
    )

    def ready(self) -> None:
        """Register the settings section, the checks, the subscribers and the probes."""
        from . import checks, conf, doctor, receivers  # noqa: F401

        receivers.connect()
