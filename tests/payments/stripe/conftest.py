"""Stripe on loopback, and the backends that talk to it."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from shopkit.payments.backends.base import Line, Snapshot, StartRequest
from shopkit.payments.backends.stripe import StripeBackend, StripeIntentBackend
from shopkit.payments.testing.stripe import FakeStripe

PAYMENT_ID = "7d9f2c1e-0000-4000-8000-000000000001"
REFUND_ID = "7d9f2c1e-0000-4000-8000-0000000000f1"
NUMBER = "7K3M9-QX2TD"


@pytest.fixture(autouse=True)
def _patient_neither_long_nor_by_proxy(monkeypatch):
    """Tries follow each other at once."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0)


@pytest.fixture
def stripe():
    with FakeStripe() as running:
        yield running


@pytest.fixture
def checkout(stripe):
    return StripeBackend(**stripe.options)


@pytest.fixture
def intent(stripe):
    return StripeIntentBackend(**stripe.options)


def wanted(**changes):
    """A request as the services make one."""
    given = {
        "payment_id": PAYMENT_ID,
        "order_number": NUMBER,
        "amount": Decimal("150000.00"),
        "currency": "UZS",
        "return_url": "https://shop.example/thanks?order=1",
        "cancel_url": "https://shop.example/cart",
        "expires_at": datetime.now(timezone.utc) + timedelta(minutes=30),
        "language": "ru",
        "lines": (
            Line(title="Чашка «Бухара»", quantity=2, unit_price=Decimal("60000.00")),
            Line(title="Ложка", quantity=1, unit_price=Decimal("10000.00")),
        ),
        "shipping": Decimal("20000.00"),
    }
    return StartRequest(**{**given, **changes})


def snapshot(started=None, **changes):
    """The payment as it stands in our books."""
    given = {
        "payment_id": PAYMENT_ID,
        "order_number": NUMBER,
        "amount": Decimal("150000.00"),
        "currency": "UZS",
        "status": "pending",
        "reference": started.reference if started else "",
        "created_at": datetime.now(timezone.utc),
    }
    return Snapshot(**{**given, **changes})
