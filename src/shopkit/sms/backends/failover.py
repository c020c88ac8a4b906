"""Several gateways, asked in turn."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables

from shopkit.core.backends import load_backend
from shopkit.sms.errors import SmsNotAccepted, SmsUnavailable

from .base import Sent, SmsBackend

logger = logging.getLogger("shopkit.sms")


class FailoverBackend(SmsBackend):
    """Asks the next gateway when one has certainly not taken the message.

    An unknown outcome ends the round: the phone may be ringing already, and a second code would
    make the first one wrong.

    backends -- settings of the gateways, the first choice first:
        [{"BACKEND": ..., "OPTIONS": {...}}, ...]
    """

    name = "failover"

    def __init__(self, *, backends: Sequence[Mapping[str, Any]]) -> None:
        self.backends = [load_backend(spec, base=SmsBackend) for spec in backends]
        names = [member.name for member in self.members()]
        if not names or len(names) != len(set(names)):
            raise ImproperlyConfigured(
                "backends must name at least one gateway, and give two of one vendor different "
                'names: {"OPTIONS": {"name": ...}}.'
            )

    @property
    def for_development(self) -> bool:  # type: ignore[override]
        """Say whether any of the gateways is one for development."""
        return any(member.for_development for member in self.backends)

    @sensitive_variables()
    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Ask one after the other; when none took it, raise what may pass, else what came last."""
        failures: list[SmsNotAccepted] = []
        for backend in self.backends:
            try:
                return backend.send(phone=phone, text=text, reference=reference)
            except SmsNotAccepted as error:
                failures.append(error)
                logger.warning("%s did not take a message: %s.", backend.name, error.code)
        passing = [error for error in failures if isinstance(error, SmsUnavailable)]
        raise (passing or failures)[-1]

    def members(self) -> Iterable[SmsBackend]:
        """Return the gateways, those of a failover inside included."""
        return [member for backend in self.backends for member in backend.members()]
