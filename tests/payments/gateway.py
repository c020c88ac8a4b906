"""A gateway that says what a test tells it to say, and the orders it is told about."""

import json
import threading
from collections import Counter
from decimal import Decimal
from typing import Any

from shopkit.cart.owners import new_token, owner_of_token
from shopkit.cart.services import add_to_cart, read_cart
from shopkit.catalog.models import Variant
from shopkit.core.errors import BackendError
from shopkit.orders.contact import Contact
from shopkit.orders.models import Order
from shopkit.orders.services import OrderDraft, place_order
from shopkit.payments.backends.base import (
    Answer,
    Event,
    PaymentBackend,
    Refunded,
    Started,
)
from shopkit.payments.errors import CallbackRefused, StartRefused, Unsupported

LEDGER: Counter[str] = Counter()  # payment_id: what went back
LOCK = threading.Lock()
PLAYED: dict[str, Any] = {"start": None, "refund": None, "look_up": {}, "close": {}}
GIVEN: dict[str, Refunded] = {}


def fresh() -> None:
    """Forget everything."""
    LEDGER.clear()
    GIVEN.clear()
    PLAYED.update(start=None, refund=None, look_up={}, close={})


class Scripted(PaymentBackend):
    """Its calls are events as JSON, signed by a word; its answers are the outcome as JSON.

    options -- attributes to set: window, kind, is_live, ...
    """

    name = "Scripted"

    def __init__(self, **options: Any) -> None:
        for name, value in options.items():
            setattr(self, name, value)

    def begin(self, request):
        if PLAYED["start"] is not None:
            raise PLAYED["start"]
        return Started(redirect_url=f"https://pay.example/{request.payment_id}")

    def read_callback(self, callback):
        if callback.headers.get("x-word") != "sesame":
            raise CallbackRefused(Answer(body=b"no", status=401))
        given = json.loads(callback.body)
        if given.get("amount") is not None:
            given["amount"] = Decimal(given["amount"])
        return Event(**given)

    def answer_callback(self, event, outcome):
        payment = outcome.payment
        told = {
            "refusal": outcome.refusal,
            "is_repeat": outcome.is_repeat,
            "status": payment and payment.status,
            "serial": payment and payment.serial,
            "opened_at": payment and str(payment.opened_at),
        }
        return Answer(body=json.dumps(told).encode())

    def refund(self, request):
        played = PLAYED["refund"]
        with LOCK:
            if request.refund_id not in GIVEN:
                if isinstance(played, (Unsupported, StartRefused)):
                    raise played
                GIVEN[request.refund_id] = Refunded(reference=f"re_{request.refund_id[:8]}")
                LEDGER[request.payment.payment_id] += request.amount
        if isinstance(played, BackendError):
            raise played
        return played or GIVEN[request.refund_id]

    def look_up(self, payment):
        return PLAYED["look_up"].get(payment.payment_id, ())

    def close(self, payment):
        return PLAYED["close"].get(payment.payment_id, ())


class Late(Scripted):
    """The same, content with a bare yes."""

    answers_late = True


def sold(variant: Variant, *, number: int = 0, units: int = 2) -> Order:
    """Place a guest's order of so many units."""
    owner = owner_of_token(new_token())
    add_to_cart(owner, variant_id=variant.pk, quantity=units)
    return place_order(
        OrderDraft(
            owner=owner,
            cart=read_cart(owner),
            contact=Contact(name="Anna", phone=f"+9989012{number:05d}"),
            address={"city": "Nukus", "street": "Berdaq 1"},
            user=None,
        )
    )
