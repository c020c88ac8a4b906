"""The channels of the house, and the base they share."""

import smtplib

import pytest
from django.apps import apps
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from shopkit.core.errors import BackendError
from shopkit.otp.channels.base import CodeMessage
from shopkit.otp.channels.email import EmailChannel
from shopkit.otp.channels.memory import MemoryChannel, MemoryHandleChannel
from shopkit.otp.errors import Undeliverable
from shopkit.otp.testing import OtpChannelContract


def message(**changes):
    given = {"destination": "anna@example.com", "code": "042913", "purpose": "sign_in"}
    return CodeMessage(**{**given, **changes})


def arrived(outbox):
    """Show the memory channel's messages as texts."""

    class Texts(list):
        def __iter__(self):
            return iter([(one.destination, one.grouped) for one in outbox])

        def __len__(self):
            return len(outbox)

        def __eq__(self, other):
            return list(self) == other

        __hash__ = None

    return Texts()


class TestMemory(OtpChannelContract):
    # It reaches nothing that could be out of order.
    test_a_failure_is_a_backend_error_without_the_code = None

    @pytest.fixture
    def channel(self):
        return MemoryChannel()

    @pytest.fixture
    def sent(self, outbox):
        return arrived(outbox)


class TestMemoryWithHandle(TestMemory):
    @pytest.fixture
    def channel(self):
        return MemoryHandleChannel()


class Letters:
    """Django's own memory of mail, as pairs."""

    def __iter__(self):
        return iter([(one.to[0], f"{one.subject}\n{one.body}") for one in mail.outbox])

    def __len__(self):
        return len(mail.outbox)

    def __eq__(self, other):
        return list(self) == other

    __hash__ = None


class DeadMail(BaseEmailBackend):
    """No mail server."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("042913 anna@example.com")


class NobodyThere(BaseEmailBackend):
    """A mail server that does not know anybody."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({})


class TestEmail(OtpChannelContract):
    @pytest.fixture
    def channel(self):
        return EmailChannel()

    @pytest.fixture
    def sent(self, mailoutbox):
        return Letters()

    @pytest.fixture
    def broken(self, settings):
        settings.EMAIL_BACKEND = f"{__name__}.DeadMail"
        return EmailChannel()

    def test_the_subject_does_not_hold_the_code(self, mailoutbox):
        EmailChannel().send(message(minutes=3))

        [letter] = mailoutbox
        assert letter.subject == "Your code"
        assert "042913" in letter.body
        assert "3 minutes" in letter.body
        assert letter.to == ["anna@example.com"]

    def test_an_address_nobody_has_is_not_tried_again(self, settings):
        settings.EMAIL_BACKEND = f"{__name__}.NobodyThere"

        with pytest.raises(Undeliverable):
            EmailChannel().send(message())


def test_a_handle_stands_apart_from_the_code():
    assert message(handle="4711").grouped == "4711 042 913"
    assert message().grouped == "042 913"
    assert message(code="12345678").grouped == "1234 5678"


if apps.is_installed("shopkit.sms"):
    from shopkit.otp.channels.sms import SmsChannel
    from shopkit.sms.backends.base import SmsBackend
    from shopkit.sms.errors import NumberRejected, SmsOutcomeUnknown, SmsUnavailable
    from shopkit.sms.segments import count_segments

    FAILURE = {"raise": SmsUnavailable}
    TEXTS: list[tuple[str, str]] = []

    class Gateway(SmsBackend):
        """Keeps what it is given, or fails as it is told to."""

        def deliver(self, *, phone, text, **_):
            if FAILURE["raise"] is not None:
                raise FAILURE["raise"]()
            TEXTS.append((phone, text))
            from shopkit.sms.backends.base import Sent

            return Sent(backend="gateway", message_id="1")

    @pytest.mark.django_db
    class TestSms(OtpChannelContract):
        @pytest.fixture(autouse=True)
        def gateway(self, settings):
            TEXTS.clear()
            FAILURE["raise"] = None
            settings.SHOPKIT = {**settings.SHOPKIT, "SMS": {"BACKEND": f"{__name__}.Gateway"}}

        @pytest.fixture
        def channel(self):
            return SmsChannel()

        @pytest.fixture
        def sent(self):
            return TEXTS

        @pytest.fixture
        def broken(self):
            FAILURE["raise"] = SmsUnavailable
            return SmsChannel()

        @pytest.mark.parametrize("language", ["uz", "kaa", "ru", "en"])
        @pytest.mark.parametrize("host", ["", "shop.example"])
        def test_a_text_fits_into_one_part_in_every_language(self, otp, language, host):
            otp(WEBOTP_DOMAIN=host)

            SmsChannel().send(message(destination="+998901234567", language=language))

            [(_, text)] = TEXTS
            assert count_segments(text).parts == 1
            assert text.isascii()

        def test_the_last_line_binds_the_code_to_the_site(self, otp):
            otp(WEBOTP_DOMAIN="shop.example")

            SmsChannel().send(message(destination="+998901234567", language="uz"))

            [(_, text)] = TEXTS
            assert text.endswith("\n\n@shop.example #042913")
            assert text.count("042913") == 2

        @pytest.mark.parametrize(
            ("failure", "kind"),
            [
                (SmsUnavailable, SmsUnavailable),
                (NumberRejected, Undeliverable),
                (SmsOutcomeUnknown, "OutcomeUnknown"),
            ],
        )
        def test_failures_say_whether_to_try_again(self, failure, kind):
            FAILURE["raise"] = failure

            with pytest.raises(BackendError) as raised:
                SmsChannel().send(message(destination="+998901234567"))

            assert kind in {type(raised.value), type(raised.value).__name__}


if apps.is_installed("shopkit.telegram"):
    from shopkit.otp.channels.telegram import TelegramChannel
    from shopkit.telegram.backends.base import TelegramBackend
    from shopkit.telegram.errors import (
        ChatUnreachable,
        TelegramOutcomeUnknown,
        TelegramUnavailable,
    )

    BOT_FAILURE = {"raise": None}
    CALLS: list[tuple[str, str]] = []
    PARAMS: list[dict] = []

    class Bot(TelegramBackend):
        """Keeps what it is told to write."""

        def perform(self, method, params):
            if BOT_FAILURE["raise"] is not None:
                raise BOT_FAILURE["raise"](method=method)
            CALLS.append((str(params["chat_id"]), params["text"]))
            PARAMS.append(dict(params))
            return {"message_id": 1}

    def chat_of_anybody(phone):
        return 4711 if phone == "+998901234567" else None

    @pytest.mark.django_db
    class TestTelegram(OtpChannelContract):
        @pytest.fixture(autouse=True)
        def bot(self, settings, otp):
            CALLS.clear()
            PARAMS.clear()
            BOT_FAILURE["raise"] = None
            settings.SHOPKIT = {**settings.SHOPKIT, "TELEGRAM": {"BACKEND": f"{__name__}.Bot"}}
            otp(CHAT_OF=f"{__name__}.chat_of_anybody")

        @pytest.fixture
        def channel(self):
            return TelegramChannel()

        @pytest.fixture
        def sent(self):
            return CALLS

        @pytest.fixture
        def broken(self):
            BOT_FAILURE["raise"] = TelegramUnavailable
            return TelegramChannel()

        def test_the_code_is_shown_in_groups_and_cannot_be_forwarded(self):
            TelegramChannel().send(message(destination="telegram:12", handle="4711"))

            [(chat, text)] = CALLS
            assert chat == "12"
            assert "4711 042 913" in text
            assert PARAMS[0]["protect_content"] is True

        @pytest.mark.parametrize("chat_of", [f"{__name__}.chat_of_anybody", ""])
        def test_a_number_without_a_chat_is_out_of_reach(self, otp, chat_of):
            otp(CHAT_OF=chat_of)

            with pytest.raises(Undeliverable):
                TelegramChannel().send(message(destination="+998931234567"))

            assert CALLS == []

        @pytest.mark.parametrize(
            ("failure", "kind"),
            [
                (TelegramUnavailable, "TelegramUnavailable"),
                (ChatUnreachable, "Undeliverable"),
                (TelegramOutcomeUnknown, "OutcomeUnknown"),
            ],
        )
        def test_failures_say_whether_to_try_again(self, failure, kind):
            BOT_FAILURE["raise"] = failure

            with pytest.raises(BackendError) as raised:
                TelegramChannel().send(message(destination="telegram:12"))

            assert type(raised.value).__name__ == kind
