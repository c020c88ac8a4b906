"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Sessions and profiles."""

    name = "shopkit.accounts"
    label = "shopkit_accounts"
    verbose_name = _("Shop: accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section and the checks."""
        from . import checks, conf  # noqa: F401
