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
        """Register the settings section."""
        from . import conf  # noqa: F401
