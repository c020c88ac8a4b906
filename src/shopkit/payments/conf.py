"""Settings of payments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """

    PROVIDERS: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: DEFAULT_PROVIDERS)
    RETURN_HOSTS: tuple[str, ...] = ()


payments_settings = Section("PAYMENTS", PaymentsSettings)
