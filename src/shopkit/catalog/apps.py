"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """The catalogue."""

    name = "shopkit.catalog"
    label = "shopkit_catalog"
    verbose_name = _("Shop: catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register settings, checks and probes, and note what changes."""
        from . import checks, conf, doctor, receivers  # noqa: F401
