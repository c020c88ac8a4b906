"""What every SMS backend must do; run it on your own."""

import logging

import pytest

from shopkit.core.errors import BackendError
from shopkit.sms.backends.base import Sent, SmsBackend
from shopkit.sms.callbacks import StatusCallback
from shopkit.sms.errors import CallbackRefused
from shopkit.sms.statuses import DeliveryStatus

PHONE = "+998901234567"


class SmsBackendContract:
    """Subclass it, give it your backend with its gateway answering well, and run pytest.

    ``broken`` is optional: the same backend, its gateway not listening.
    """

    @pytest.fixture
    def backend(self) -> SmsBackend:
        """The backend under test, its gateway answering well."""
        raise NotImplementedError

    @pytest.fixture
    def broken(self) -> SmsBackend | None:
        """The backend under test with nobody at the other end, or None where that cannot be."""
        return None

    def test_says_what_it_is_called(self, backend: SmsBackend) -> None:
        """The name is part of a URL and of log lines."""
        for member in backend.members():
            assert member.name
            assert member.name.replace("-", "").replace("_", "").isalnum()

    def test_returns_what_the_gateway_said(self, backend: SmsBackend) -> None:
        """A message that was taken has an id as text, a status and the taker's name."""
        sent = backend.send(phone=PHONE, text="Salom")
        assert isinstance(sent, Sent)
        assert isinstance(sent.message_id, str)
        assert isinstance(sent.status, DeliveryStatus)
        assert sent.backend in {member.name for member in backend.members()}

    def test_takes_a_reference(self, backend: SmsBackend) -> None:
        """The caller's own id of the message, which a status callback brings back."""
        reference = "3f0e4b1c-0000-4000-8000-000000000001"
        assert isinstance(backend.send(phone=PHONE, text="Salom", reference=reference), Sent)

    @pytest.mark.parametrize(
        "text", ["Код: 123456 🙂", "Tasdıqlaw kodı: ǵ ń ó ú", "a" * 500, "line\nline", '"<&>;%20+']
    )
    def test_takes_text_in_any_script(self, backend: SmsBackend, text: str) -> None:
        """Nothing in a text is special on its way."""
        backend.send(phone=PHONE, text=text)

    @pytest.mark.parametrize(
        "phone",
        [
            "998901234567",
            "+0901234567",
            "",
            "+99890x",
            "+99890123456\n7",
            "+998901234567\n",
            "+٩٩٨٩٠١٢٣٤٥",
        ],
    )
    def test_refuses_a_phone_that_is_not_e164(self, backend: SmsBackend, phone: str) -> None:
        """Before anything is sent anywhere."""
        with pytest.raises(ValueError, match="phone"):
            backend.send(phone=phone, text="Salom")

    @pytest.mark.parametrize("text", ["", "  \n"])
    def test_refuses_blank_text(self, backend: SmsBackend, text: str) -> None:
        """Before anything is sent anywhere."""
        with pytest.raises(ValueError, match="text"):
            backend.send(phone=PHONE, text=text)

    def test_believes_no_stranger(self, backend: SmsBackend) -> None:
        """A status callback without signature or secret is refused."""
        for member in backend.members():
            with pytest.raises(CallbackRefused):
                member.read_status(StatusCallback(query="reference=1", body=b"status=DELIVRD"))

    def test_logs_neither_phone_nor_text(
        self, backend: SmsBackend, caplog: pytest.LogCaptureFixture
    ) -> None:
        """At no level, in no logger."""
        with caplog.at_level(logging.DEBUG):
            backend.send(phone=PHONE, text="secret-482913")
        assert "901234567" not in caplog.text
        assert "482913" not in caplog.text

    def test_a_dead_gateway_is_a_backend_error_that_tells_nothing(
        self, broken: SmsBackend | None, caplog: pytest.LogCaptureFixture
    ) -> None:
        """So it is 503 and not a crash, and neither it nor its context repeats the message."""
        if broken is None:
            pytest.skip("This backend has no other end.")
        with caplog.at_level(logging.DEBUG), pytest.raises(BackendError) as failure:
            broken.send(phone=PHONE, text="secret-482913")
        told = f"{failure.value!r} {failure.value.__context__!r} {caplog.text}"
        assert "901234567" not in told
        assert "482913" not in told
