"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CartConfig(AppConfig):
    """Carts."""

    name = "shopkit.cart"
    label = "shopkit_cart"
    verbose_name = _("Shop: carts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings section and its check, and listen for sign-ins."""
        from . import checks, conf, receivers  # noqa: F401

        receivers.connect()
