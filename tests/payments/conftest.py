"""What tests of the rules of money need: a scripted gateway, configured, and orders to pay."""

import json

import pytest
from django.db.models.functions import Now

from shopkit.catalog.testing import make_variant
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.inventory.testing import make_stock
from shopkit.payments.backends.base import Callback
from shopkit.payments.services import receive

from . import gateway

SCRIPTED = "tests.payments.gateway.Scripted"


@pytest.fixture
def gateways(settings):
    """Configure ``answers`` (its calls are judged at once) and ``late`` (a bare yes first).

    Returns how to change their options.
    """
    gateway.fresh()

    def use(**options):
        settings.SHOPKIT = {
            **getattr(settings, "SHOPKIT", {}),
            "FACTS": {"DELIVERY": "manual", "PAUSES": (60,) * 20},
            "PAYMENTS": {
                "PROVIDERS": {
                    "offline": {"BACKEND": "shopkit.payments.backends.offline.OfflineBackend"},
                    "answers": {"BACKEND": SCRIPTED, "OPTIONS": options},
                    "late": {"BACKEND": "tests.payments.gateway.Late", "OPTIONS": options},
                }
            },
        }

    use()
    yield use
    gateway.fresh()


@pytest.fixture
def cups(db):
    """A variant for 50 000, plenty of it."""
    variant = make_variant(price="50000", sku="CUPS")
    make_stock(variant, on_hand=10_000)
    return variant


def tell(provider="answers", **event):
    """Let the gateway call; return what it was answered."""
    event.setdefault(
        "event_id", f"{event['kind']}:{event.get('reference') or event.get('payment_id')}"
    )
    callback = Callback(headers={"x-word": "sesame"}, body=json.dumps(event).encode())
    return json.loads(receive(provider, callback).body)


def settle_down():
    """Deliver facts until none waits, as workers do in time; pauses are over at once."""
    for _round in range(20):
        Delivery.objects.pending().update(due_at=Now())
        if not deliver_all():
            return
    raise AssertionError("Some fact is never told.")
