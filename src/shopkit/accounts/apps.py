"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts, sessions and profiles."""

    name = "shopkit.accounts"
    label = "shopkit_accounts"
    verbose_name = _("Shop: accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section, the checks, what follows from facts, and our e-mail."""
        from shopkit.otp.channels.loading import offer

        from . import checks, conf, receivers  # noqa: F401

        offer("email", app=self.name, path="shopkit.accounts.channels.AccountEmailChannel")
