"""For tests of sites: a channel that keeps messages, an inbox row, the contract of channels."""

from dataclasses import replace
from typing import Any

import pytest

from shopkit.core.errors import BackendError

from .channels.base import NotificationChannel, Outgoing
from .channels.memory import MemoryChannel
from .models import Notification
from .recipients import Recipient, of_user
from .services import News, tell

__all__ = ["MemoryChannel", "NotificationChannelContract", "make_notification"]

SOMEBODY = Recipient(
    ref="user:1", language="en", email="anna@example.com", phone="+998901234567", chat_id=4711
)
SECRET_TITLE = "Order 7K3M9-QX2TD is paid"


def make_notification(user: Any, *, key: str = "1", kind: str = "welcome") -> Notification:
    """Return a saved notification of ``user``; he is sent whatever the kind is sent by."""
    tell(News(kind=kind, key=key, about=f"user:{user.pk}"), [of_user(user)])
    return Notification.objects.get(user=user, event__key=f"{kind}:{key}")


class NotificationChannelContract:
    """What every channel does; subclass it in a file of tests and bring the fixtures."""

    @pytest.fixture
    def channel(self) -> NotificationChannel:
        """The channel under test, what it sends to answering well."""
        raise NotImplementedError

    @pytest.fixture
    def broken(self) -> NotificationChannel:
        """The channel under test, what it sends to being out of order."""
        raise NotImplementedError

    @pytest.fixture
    def sent(self) -> list[tuple[str, str]]:
        """What arrived at the other end, filled while the test runs: (to whom, the text)."""
        raise NotImplementedError

    @pytest.fixture
    def recipient(self) -> Recipient:
        """Somebody whom the channel reaches."""
        return SOMEBODY

    @pytest.fixture
    def message(self, channel: NotificationChannel, recipient: Recipient) -> Outgoing:
        """A message that the channel must take."""
        return Outgoing(
            id="00000000-0000-4000-8000-000000000000",
            destination=channel.address_of(recipient),
            kind="order_paid",
            language="en",
            title=SECRET_TITLE,
            text="We have received your payment.\nThank you!",
            short="Order 7K3M9-QX2TD is paid.",
        )

    def test_says_where_it_reaches_somebody(
        self, channel: NotificationChannel, recipient: Recipient
    ) -> None:
        assert channel.address_of(recipient).strip()

    def test_what_is_sent_arrives_once(
        self, channel: NotificationChannel, message: Outgoing, sent: list[tuple[str, str]]
    ) -> None:
        channel.send(message)

        [(destination, text)] = sent
        assert destination == message.destination
        assert "7K3M9-QX2TD" in text

    @pytest.mark.parametrize("language", ["en", "uz", "kaa", "ru"])
    def test_speaks_every_language_of_the_house(
        self,
        channel: NotificationChannel,
        message: Outgoing,
        sent: list[tuple[str, str]],
        language: str,
    ) -> None:
        channel.send(replace(message, language=language))

        assert len(sent) == 1

    def test_a_kind_it_never_heard_of_is_sent_too(
        self, channel: NotificationChannel, message: Outgoing, sent: list[tuple[str, str]]
    ) -> None:
        channel.send(replace(message, kind="never_heard_of"))

        assert len(sent) == 1

    @pytest.mark.parametrize("destination", ["", "  ", "a@example.com\nBcc: b@example.com"])
    def test_refuses_a_destination_that_is_blank_or_two_lines(
        self,
        channel: NotificationChannel,
        message: Outgoing,
        sent: list[tuple[str, str]],
        destination: str,
    ) -> None:
        with pytest.raises(ValueError, match="destination"):
            channel.send(replace(message, destination=destination))

        assert sent == []

    def test_refuses_a_blank_title(
        self, channel: NotificationChannel, message: Outgoing, sent: list[tuple[str, str]]
    ) -> None:
        with pytest.raises(ValueError, match="title"):
            channel.send(replace(message, title=" \n"))

        assert sent == []

    def test_a_failure_is_a_backend_error_without_the_address(
        self, broken: NotificationChannel, message: Outgoing
    ) -> None:
        with pytest.raises(BackendError) as failure:
            broken.send(message)

        shown = f"{failure.value!r} {failure.value} {failure.value.details}"
        assert message.destination not in shown
        assert "7K3M9-QX2TD" not in shown
