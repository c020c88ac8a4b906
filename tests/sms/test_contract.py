"""Every backend that ships passes the contract that ships."""

import pytest

from shopkit.sms.backends.console import ConsoleBackend
from shopkit.sms.backends.eskiz import EskizBackend
from shopkit.sms.backends.failover import FailoverBackend
from shopkit.sms.backends.file import FileBackend
from shopkit.sms.backends.memory import MemoryBackend
from shopkit.sms.backends.twilio import TwilioBackend
from shopkit.sms.testing import SmsBackendContract

from .names import ESKIZ, MEMORY, NOWHERE, SECRET, TWILIO

CALLBACK = "https://shop.example/api/v1/sms/status"


class TestConsoleBackend(SmsBackendContract):
    @pytest.fixture
    def backend(self):
        return ConsoleBackend()


class TestMemoryBackend(SmsBackendContract):
    @pytest.fixture
    def backend(self):
        return MemoryBackend()


class TestFileBackend(SmsBackendContract):
    @pytest.fixture
    def backend(self, tmp_path):
        return FileBackend(path=tmp_path / "outbox" / "sms.jsonl")

    @pytest.fixture
    def broken(self, tmp_path):
        (tmp_path / "in-the-way").touch()
        return FileBackend(path=tmp_path / "in-the-way" / "sms.jsonl")


class TestEskizBackend(SmsBackendContract):
    @pytest.fixture
    def backend(self, eskiz):
        url = f"{CALLBACK}/eskiz/"
        return EskizBackend(**eskiz.options, callback_url=url, callback_secret=SECRET)

    @pytest.fixture
    def broken(self):
        return EskizBackend(email="a@example.com", password="x", base_url=NOWHERE)


class TestTwilioBackend(SmsBackendContract):
    @pytest.fixture
    def backend(self, twilio):
        return TwilioBackend(**twilio.options, status_callback=f"{CALLBACK}/twilio/")

    @pytest.fixture
    def broken(self):
        return TwilioBackend(account_sid="AC1", auth_token="x", sender="Shop", base_url=NOWHERE)


class TestFailoverBackend(SmsBackendContract):
    @pytest.fixture
    def backend(self):
        eskiz = {"email": "a@example.com", "password": "x", "base_url": NOWHERE}
        return FailoverBackend(backends=[{"BACKEND": ESKIZ, "OPTIONS": eskiz}, {"BACKEND": MEMORY}])

    @pytest.fixture
    def broken(self):
        eskiz = {"email": "a@example.com", "password": "x", "base_url": NOWHERE}
        twilio = {"account_sid": "A", "auth_token": "x", "sender": "S", "base_url": NOWHERE}
        return FailoverBackend(
            backends=[
                {"BACKEND": ESKIZ, "OPTIONS": eskiz},
                {"BACKEND": TWILIO, "OPTIONS": twilio},
            ]
        )
