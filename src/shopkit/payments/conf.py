"""Settings of payments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkit.core.conf import Section

DEFAULT_PROVIDERS: Mapping[str, Mapping[str, Any]] = {
    "offline": {"BACKEND": "shopkit.payments.backends.offline.OfflineBackend"}
}


@dataclass(frozen=True, kw_only=True)
class PaymentsSettings:
    """``SHOPKIT["PAYMENTS"]``: how money comes in.

    PROVIDERS -- {code: {"BACKEND": dotted path, "OPTIONS": {...}}}; the code is what clients name,
        so one gateway can be configured twice
    RETURN_HOSTS -- hosts beside the site's own that customers may be sent back to after paying
    REFUND_AFTER -- how long money that is owed back waits for a person before it is sent; None
        leaves it to people
    RECONCILE_AFTER -- how long nothing may be heard of an attempt before its gateway is asked
    """

    PROVIDERS: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: DEFAULT_PROVIDERS)
    RETURN_HOSTS: tuple[str, ...] = ()
    REFUND_AFTER: timedelta | None = timedelta(minutes=15)
    RECONCILE_AFTER: timedelta = timedelta(minutes=10)


payments_settings = Section("PAYMENTS", PaymentsSettings)
