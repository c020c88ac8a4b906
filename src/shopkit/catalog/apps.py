"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shopkit.core.schedule import Job


class CatalogConfig(AppConfig):
    """The catalogue."""

    name = "shopkit.catalog"
    label = "shopkit_catalog"
    verbose_name = _("Shop: catalogue")
    default_auto_field = "django.db.models.BigAutoField"
    shopkit_jobs = (
        Job(
            "shopkit-forget-orphans",
            run="shopkit.catalog.services.orphans.forget_orphans",
            task="shopkit.catalog.tasks.forget_orphans",
            every=timedelta(days=1),
        ),
        Job(
            "shopkit-forget-facet-changes",
            run="shopkit.catalog.services.facets.purge_changes",
            task="shopkit.catalog.tasks.purge_facet_changes",
            every=timedelta(hours=1),
        ),
        Job(
            "shopkit-forget-imports",
            run="shopkit.catalog.imports.uploads.forget_imports",
            task="shopkit.catalog.tasks.forget_imports",
            every=timedelta(hours=6),
        ),
    )

    def ready(self) -> None:
        """Register settings, checks and probes, and note what changes."""
        from . import checks, conf, doctor, receivers  # noqa: F401
