"""For tests of sites: reading codes, a channel that keeps them, the contract of channels."""

from typing import Any
from uuid import UUID

import pytest

from shopkit.core.errors import BackendError

from .channels.base import CodeMessage, OtpChannel
from .channels.memory import MemoryChannel, MemoryHandleChannel, MemoryMeteredChannel
from .codes import derive
from .destinations import Kind
from .models import Challenge

__all__ = [
    "MemoryChannel",
    "MemoryHandleChannel",
    "MemoryMeteredChannel",
    "OtpChannelContract",
    "code_of",
    "wrong_code_of",
]

ADDRESSES: dict[Kind, str] = {
    "phone": "+998901234567",
    "email": "anna@example.com",
    "telegram": "telegram:4711",
}


def code_of(challenge: UUID | str) -> str:
    """Return the code of a challenge, given its id; what a test reads instead of a telephone."""
    return derive(Challenge.objects.get(pk=challenge))


def wrong_code_of(challenge: UUID | str) -> str:
    """Return a code of the same form that is not the one of the challenge."""
    right = code_of(challenge)
    return right[:-1] + str((int(right[-1]) + 1) % 10)


class OtpChannelContract:
    """What every channel does; subclass it in a file of tests and bring the fixtures."""

    @pytest.fixture
    def channel(self) -> OtpChannel:
        """The channel under test, what it sends to answering well."""
        raise NotImplementedError

    @pytest.fixture
    def sent(self) -> list[tuple[str, str]]:
        """What arrived at the other end, filled while the test runs: (to whom, the text)."""
        raise NotImplementedError

    def message(self, channel: OtpChannel, **changes: Any) -> CodeMessage:
        """Return a message that the channel must take."""
        kind = min(channel.kinds)
        given: dict[str, Any] = {
            "destination": ADDRESSES[kind],
            "code": "042913",
            "purpose": "sign_in",
        }
        handle = "4711" if channel.needs_handle else ""
        return CodeMessage(**{"handle": handle, **given, **changes})

    def test_can_be_built_without_arguments(self, channel: OtpChannel) -> None:
        assert isinstance(type(channel)(), OtpChannel)

    def test_takes_some_kind_of_destination(self, channel: OtpChannel) -> None:
        assert set(channel.kinds) & set(ADDRESSES)

    def test_the_code_arrives_with_its_leading_zero(
        self, channel: OtpChannel, sent: list[tuple[str, str]]
    ) -> None:
        channel.send(self.message(channel))

        [(_, text)] = sent
        digits = "".join(letter for letter in text if letter.isdecimal())
        assert ("4711" if channel.needs_handle else "") + "042913" in digits

    @pytest.mark.parametrize("language", ["", "uz", "kaa", "ru", "en", "en-US", "zz"])
    def test_speaks_any_language_without_failing(
        self, channel: OtpChannel, sent: list[tuple[str, str]], language: str
    ) -> None:
        channel.send(self.message(channel, language=language))

        assert len(sent) == 1

    def test_an_unknown_purpose_has_words_too(
        self, channel: OtpChannel, sent: list[tuple[str, str]]
    ) -> None:
        channel.send(self.message(channel, purpose="never-heard-of"))

        assert len(sent) == 1

    def test_refuses_destinations_of_other_kinds(
        self, channel: OtpChannel, sent: list[tuple[str, str]]
    ) -> None:
        for kind in ADDRESSES.keys() - set(channel.kinds):
            with pytest.raises(ValueError, match="destination"):
                channel.send(self.message(channel, destination=ADDRESSES[kind]))

        assert sent == []

    @pytest.mark.parametrize("code", ["", "12a456", "12 456", "١٢٣٤٥٦"])
    def test_refuses_a_code_that_is_not_digits(
        self, channel: OtpChannel, sent: list[tuple[str, str]], code: str
    ) -> None:
        with pytest.raises(ValueError, match="code"):
            channel.send(self.message(channel, code=code))

        assert sent == []

    @pytest.fixture
    def broken(self) -> OtpChannel:
        """The channel under test, what it sends to being out of order."""
        raise NotImplementedError

    def test_a_failure_is_a_backend_error_without_the_code(self, broken: OtpChannel) -> None:
        with pytest.raises(BackendError) as failure:
            broken.send(self.message(broken))

        assert "042913" not in f"{failure.value!r} {failure.value} {failure.value.details}"
