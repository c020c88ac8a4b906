"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class CartConfig(AppConfig):
    """Carts."""

    name = "shopkit.cart"
    label = "shopkit_cart"
    verbose_name = _("Shop: carts")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-guest-carts",
            run="shopkit.cart.services.forget_guests",
            task="shopkit.cart.tasks.forget_guests",
            every=timedelta(hours=1),
        ),
        Job(
            "shopkit-tidy-carts",
            run="shopkit.cart.services.tidy_carts",
            task="shopkit.cart.tasks.tidy_carts",
            every=timedelta(hours=1),
        ),
    )

    def ready(self) -> None:
        """Register the settings section and its check and probe, and listen for sign-ins."""
        from . import checks, conf, health, receivers  # noqa: F401

        receivers.connect()
