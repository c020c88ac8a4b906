"""The base class of channels."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar

from shopkit.otp.destinations import Kind, kind_of


@dataclass(frozen=True, kw_only=True)
class CodeMessage:
    """A code on its way to somebody.

    destination -- E.164, e-mail address or "telegram:<chat id>"; one that the channel takes
    code -- the secret digits
    handle -- digits that go before them where the channel needs a handle, else ""
    purpose, language -- for the choice of words; language is an IETF tag, or "" for the site's
    minutes -- how long the code is good, rounded up
    challenge -- id of what is asked, as text
    """

    destination: str
    code: str = field(repr=False)
    handle: str = ""
    purpose: str
    language: str = ""
    minutes: int = 5
    challenge: str = ""

    @property
    def grouped(self) -> str:
        """The handle and the code in groups that a person can read out: "4711 482 913"."""
        middle = len(self.code) // 2
        return " ".join(filter(None, (self.handle, self.code[:middle], self.code[middle:])))


class OtpChannel(ABC):
    """One way to bring a code to somebody.

    A channel writes ``deliver`` and nothing else. It is built without arguments, touches no network
    when it is built, and changes no row of ours.

    kinds -- destinations it can reach: "phone", "email", "telegram"
    is_metered -- every message costs money: countries, kinds of number and blocks are watched
    needs_handle -- whoever gets the code types it in where nobody knows the challenge
    """

    kinds: ClassVar[Collection[Kind]] = frozenset({"phone"})
    is_metered: ClassVar[bool] = False
    needs_handle: ClassVar[bool] = False

    def send(self, message: CodeMessage) -> None:
        """Send ``message``; it has left when this returns.

        Raises ValueError for a destination of another kind or a code that is not digits,
        Undeliverable when it can never arrive there, OutcomeUnknown when it may have arrived,
        any other BackendError when it did not leave and may be tried again.
        """
        if kind_of(message.destination) not in self.kinds:
            raise ValueError("destination must be of a kind that the channel takes.")
        if not (message.code.isascii() and message.code.isdecimal()):
            raise ValueError("code must be digits.")
        self.deliver(message)

    @abstractmethod
    def deliver(self, message: CodeMessage) -> None:
        """Do what ``send`` promises; the message is already checked."""
