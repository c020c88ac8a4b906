"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """What every app of shopkit stands on."""

    name = "shopkit.core"
    label = "shopkit_core"
    verbose_name = _("Shop: engine room")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks and the delivery of facts."""
        from . import checks, facts  # noqa: F401
        from .api import routes  # noqa: F401 - its check must be known before URLs are loaded

        facts.connect()
