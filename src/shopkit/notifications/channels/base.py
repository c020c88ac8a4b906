"""What every channel does. It returns when the message has left, and changes no row of ours."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from shopkit.notifications.recipients import Recipient

Buttons = Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message, ready to be sent, in its reader's language.

    id -- the same at every try; for gateways that know repetitions by a key
    destination -- what the channel's ``address_of`` returned
    short -- the text for an SMS, plain ASCII
    values -- what the text was made of, for templates; ``lines`` are the lines of an order
    url -- page of what it is about; may be empty
    buttons -- rows of (what a button says, what a press sends), for a chat that has them
    """

    id: str
    destination: str
    kind: str
    language: str
    title: str
    text: str
    short: str
    values: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    buttons: Buttons = ()


class NotificationChannel(ABC):
    """One way to reach people. A channel writes ``address_of`` and ``deliver``.

    Its keyword arguments are the setting's OPTIONS; ``__init__`` keeps them and touches no network,
    so the system check may build it.

    is_metered -- every message costs money; ``METERED_PER_CHANNEL`` limits them
    """

    is_metered: ClassVar[bool] = False

    @abstractmethod
    def address_of(self, recipient: Recipient) -> str:
        """Return where this channel reaches ``recipient``, "" when it does not. No network."""

    def send(self, message: Outgoing) -> None:
        """Send ``message``; it has left when this returns.

        Raises ValueError for a destination or text that is blank or a destination of two lines,
        Undeliverable when it can never arrive there, OutcomeUnknown when it may have arrived, any
        other BackendError when it certainly did not leave and may be tried again.
        """
        if not message.destination.strip() or not message.destination.isprintable():
            raise ValueError("destination must be one line and not blank.")
        if not message.title.strip():
            raise ValueError("title must not be blank.")
        self.deliver(message)

    @abstractmethod
    def deliver(self, message: Outgoing) -> None:
        """Do what ``send`` promises; the message is already checked."""
