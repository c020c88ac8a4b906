"""What every gateway does. A backend returns facts and changes no row of ours."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from shopkit.sms.callbacks import StatusCallback, StatusUpdate
from shopkit.sms.errors import CallbackRefused
from shopkit.sms.statuses import DeliveryStatus

E164 = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that a gateway took.

    message_id -- the gateway's id, or ""
    backend -- name of the backend that took it, which matters behind a failover
    """

    message_id: str = ""
    status: DeliveryStatus = DeliveryStatus.QUEUED
    backend: str = ""


class SmsBackend(ABC):
    """Hands one text message to one gateway.

    A backend writes ``deliver``, and ``read_status`` where its gateway calls back. Its keyword
    arguments are the setting's OPTIONS; ``__init__`` keeps them and touches no network, because the
    system check builds it.

    name -- part of the callback's URL and of log lines; two accounts at one vendor need two
    for_development -- messages stay on this machine; ``check --deploy`` warns
    """

    name: str = ""
    for_development: bool = False

    @sensitive_variables()
    def send(self, *, phone: str, text: str, reference: str = "") -> Sent:
        """Send ``text`` to ``phone`` and return what the gateway said.

        phone -- E.164: "+998901234567"
        text -- not blank
        reference -- comes back in the status callback; "" asks for no callback

        Raises ValueError for a bad phone or text, SmsNotAccepted (or the subclass that says why)
        when the gateway certainly did not take the message, SmsOutcomeUnknown when it may have.
        """
        check_message(phone=phone, text=text)
        return self.deliver(phone=phone, text=text, reference=reference)

    @abstractmethod
    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Do what ``send`` promises; phone and text are already checked."""

    def read_status(self, callback: StatusCallback) -> StatusUpdate:
        """Verify a status callback, then say what it means.

        Raises CallbackRefused when it is not the gateway's, ValidationError when it makes no
        sense. A gateway that never calls back refuses all.
        """
        raise CallbackRefused

    def members(self) -> Iterable["SmsBackend"]:
        """Return the backends that may take a message: itself, or those it chooses from."""
        return (self,)


def check_message(*, phone: str, text: str) -> None:
    """Raise ValueError, which names the argument and not its value, for a bad phone or text."""
    if not E164.fullmatch(phone):
        raise ValueError("phone must be E.164, such as +998901234567.")
    if not text.strip():
        raise ValueError("text must not be blank.")
