"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class AccountsConfig(AppConfig):
    """Accounts, sessions and profiles."""

    name = "shopkit.accounts"
    label = "shopkit_accounts"
    verbose_name = _("Shop: accounts")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-registrations",
            run="shopkit.accounts.services.forget_registrations",
            task="shopkit.accounts.tasks.forget_registrations",
            every=timedelta(hours=1),
        ),
        Job(
            "shopkit-forget-sessions",
            run="shopkit.accounts.services.forget_sessions",
            task="shopkit.accounts.tasks.forget_sessions",
            every=timedelta(hours=1),
        ),
    )

    def ready(self) -> None:
        """Register settings, checks, probes, what follows from facts, and our e-mail."""
        from shopkit.otp.channels.loading import offer

        from . import checks, conf, doctor, receivers  # noqa: F401

        offer("email", app=self.name, path="shopkit.accounts.channels.AccountEmailChannel")
