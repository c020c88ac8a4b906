"""Probes of Telegram: what came in and waits."""

from collections.abc import Iterator

from django.db.models.functions import Now

from shopkit.core.doctor import Finding, probe

from .conf import telegram_settings
from .models import Update


@probe(
    "telegram.updates",
    remedy="Read its last error in the admin, mend the cause, and choose “Handle once more”.",
)
def updates() -> Iterator[Finding]:
    """Every update that Telegram sent was handled before it was given up."""
    late = Update.objects.waiting().filter(received_at__lt=Now() - telegram_settings().MAX_AGE)
    for pk, kind, attempts in late.order_by("pk").values_list("pk", "kind", "attempts").iterator():
        yield Finding(
            f"update {pk}", f"{kind} was not handled in {attempts} tries", is_warning=True
        )
