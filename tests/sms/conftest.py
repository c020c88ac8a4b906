"""Gateways on loopback, and a clean slate for each test."""

import pytest

from shopkit.sms.backends.eskiz import forget_tokens
from shopkit.sms.testing import FakeEskiz, FakeTwilio, outbox


@pytest.fixture(autouse=True)
def clean_slate(monkeypatch):
    """No proxy between us and the fakes; no message and no token of another test."""
    monkeypatch.setenv("NO_PROXY", "*")
    outbox.clear()
    forget_tokens()


@pytest.fixture
def eskiz():
    with FakeEskiz() as gateway:
        yield gateway


@pytest.fixture
def twilio():
    with FakeTwilio() as gateway:
        yield gateway


@pytest.fixture
def use(settings):
    """``use("path.of.Backend", option=...)`` makes it the site's backend."""

    def choose(path, **options):
        settings.SHOPKIT = {**settings.SHOPKIT, "SMS": {"BACKEND": path, "OPTIONS": options}}

    return choose
