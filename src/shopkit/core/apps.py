"""App configuration."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from . import languages
from .conf import facts_settings
from .schedule import Job


class CoreConfig(AppConfig):
    """What every app of shopkit stands on."""

    name = "shopkit.core"
    label = "shopkit_core"
    verbose_name = _("Shop: engine room")
    default_auto_field = "django.db.models.BigAutoField"

    @property
    def shopkit_jobs(self) -> tuple[Job, ...]:
        """What comes round: the sweep of facts, and two purges."""
        return (
            Job(
                "shopkit-deliver-facts",
                run="shopkit.core.facts.deliver_all",
                task="shopkit.core.tasks.deliver_facts",
                every=facts_settings().SWEEP_EVERY,
            ),
            Job(
                "shopkit-forget-delivered-facts",
                run="shopkit.core.facts.forget_delivered",
                task="shopkit.core.tasks.forget_delivered",
                every=timedelta(hours=1),
            ),
            Job(
                "shopkit-forget-answers",
                run="shopkit.core.idempotency.forget_expired",
                task="shopkit.core.tasks.forget_answers",
                every=timedelta(hours=1),
            ),
        )

    def ready(self) -> None:
        """Register languages, checks, probes and the delivery of facts."""
        from . import checks, deploy_checks, facts, health  # noqa: F401
        from .api import routes  # noqa: F401 - its check must be known before URLs are loaded
        from .doctor import own  # noqa: F401

        languages.register()
        facts.connect()
