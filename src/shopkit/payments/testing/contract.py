"""What every gateway must do; run it on your own backend."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from shopkit.payments.backends.base import (
    Answer,
    Callback,
    Event,
    EventKind,
    Outcome,
    PaymentBackend,
    Refunded,
    RefundRequest,
    RefusalCode,
    Snapshot,
    Started,
    StartRequest,
)
from shopkit.payments.errors import CallbackRefused, Unsupported

SECRET = re.compile("secret|key|token|password", re.IGNORECASE)


class PaymentBackendContract:
    """Subclass it, give it your backend with its gateway answering well, and run pytest.

    A backend that reads callbacks owes ``callback`` too. What else is a fixture here fits gateways
    that sign the body and put the proof into a header; override what is different with yours.
    """

    @pytest.fixture
    def backend(self) -> PaymentBackend:
        """The backend under test, its gateway answering well."""
        raise NotImplementedError

    @pytest.fixture
    def request_(self, backend: PaymentBackend) -> StartRequest:
        """An ordinary attempt, in a currency that the backend takes."""
        return StartRequest(
            payment_id="7d9f2c1e-0000-4000-8000-000000000001",
            order_number="7K3M9-QX2TD",
            amount=Decimal("150000.00"),
            currency=(backend.currencies or ("UZS",))[0],
            return_url="https://shop.example/thanks",
            cancel_url="https://shop.example/cart",
        )

    @pytest.fixture
    def callback(self) -> Callback | None:
        """A genuine call of the gateway; None for a gateway that never calls."""
        return None

    @pytest.fixture
    def unsigned(self, callback: Callback | None) -> Callback | None:
        """The genuine call without its proof."""
        if callback is None:
            return None
        kept = {name: callback.headers[name] for name in callback.headers if name == "content-type"}
        return replace(callback, headers=kept)

    @pytest.fixture
    def altered(self, callback: Callback | None) -> Sequence[Callback]:
        """The genuine call with one byte changed, once for each byte that its proof stands for."""
        return list(_altered(callback)) if callback is not None else []

    @pytest.fixture
    def paid(self, request_: StartRequest) -> Snapshot:
        """A payment of ``request_`` whose money has come."""
        return Snapshot(
            payment_id=request_.payment_id,
            order_number=request_.order_number,
            amount=request_.amount,
            currency=request_.currency,
            status="paid",
            serial=7,
            reference="made-up",
            captured=request_.amount,
        )

    @pytest.fixture
    def secrets(self, backend: PaymentBackend) -> Sequence[str]:
        """What must be told to nobody: options whose name says that they are secret."""
        own = vars(backend).items()
        return [value for name, value in own if SECRET.search(name) and isinstance(value, str)]

    def test_says_how_customers_pay(self, backend: PaymentBackend) -> None:
        """The kind decides what a front end does next."""
        assert backend.kind in {"redirect", "client", "offline"}
        assert backend.name

    def test_a_start_returns_facts(self, backend: PaymentBackend, request_: StartRequest) -> None:
        """What is needed to go on is there."""
        started = backend.start(request_)
        assert isinstance(started, Started)
        assert backend.kind != "redirect" or started.redirect_url.startswith("http")
        assert backend.kind != "client" or started.client_secret

    def test_starting_again_begins_nothing_new(
        self, backend: PaymentBackend, request_: StartRequest
    ) -> None:
        """An answer that got lost must not leave a second attempt at the gateway."""
        assert backend.start(request_).reference == backend.start(request_).reference

    def test_refuses_an_amount_of_nothing(self, backend: PaymentBackend) -> None:
        """Before anything is sent anywhere."""
        with pytest.raises(ValueError, match="amount"):
            backend.start(
                StartRequest(payment_id="1", order_number="1", amount=Decimal(0), currency="UZS")
            )

    def test_refuses_a_currency_it_does_not_take(
        self, backend: PaymentBackend, request_: StartRequest
    ) -> None:
        """Before anything is sent anywhere."""
        if not backend.currencies:
            pytest.skip("This backend takes every currency.")
        foreign = next(one for one in ("XAF", "JPY") if one not in backend.currencies)
        with pytest.raises(ValueError, match=foreign):
            backend.start(replace(request_, currency=foreign))

    def test_a_backend_that_reads_callbacks_shows_a_genuine_one(
        self, backend: PaymentBackend, callback: Callback | None
    ) -> None:
        """Else the tests below would prove that it refuses everything."""
        reads = type(backend).read_callback is not PaymentBackend.read_callback
        assert reads == (callback is not None)

    @pytest.mark.parametrize("method", ["POST", "GET"])
    def test_believes_no_empty_call(self, backend: PaymentBackend, method: str) -> None:
        """Anybody can make one."""
        _refused(backend, Callback(method=method))

    def test_believes_no_call_without_its_proof(
        self, backend: PaymentBackend, unsigned: Callback | None
    ) -> None:
        """Whatever it says."""
        _refused(backend, unsigned or Callback(body=b'{"status": "paid"}'))

    def test_believes_no_altered_call(
        self, backend: PaymentBackend, altered: Sequence[Callback], callback: Callback | None
    ) -> None:
        """The proof stands for these very bytes."""
        assert bool(altered) == (callback is not None)
        for one in altered:
            _refused(backend, one)

    def test_the_same_call_has_the_same_event(
        self, backend: PaymentBackend, callback: Callback | None
    ) -> None:
        """By its id, which the inbox keeps, a second delivery is known."""
        first, second = _read(backend, callback), _read(backend, callback)
        assert first.event_id == second.event_id
        assert 1 <= len(first.event_id) <= 200
        assert first.kind in get_args(EventKind)
        assert first.amount is None or isinstance(first.amount, Decimal)

    def test_what_is_kept_of_a_call_is_json_without_secrets(
        self, backend: PaymentBackend, callback: Callback | None, secrets: Sequence[str]
    ) -> None:
        """People read it in the admin."""
        event = _read(backend, callback)
        kept = json.dumps({"data": event.data, "receipt": event.receipt}, ensure_ascii=False)
        assert [one for one in secrets if one in kept] == []

    @pytest.mark.parametrize("code", get_args(RefusalCode))
    def test_answers_whatever_the_books_say(
        self, backend: PaymentBackend, callback: Callback | None, paid: Snapshot, code: RefusalCode
    ) -> None:
        """With bytes, whether there is a payment or not, and the first time or again."""
        event = _read(backend, callback)
        outcomes = [
            Outcome(refusal=code, payment=paid),
            Outcome(refusal=code, payment=paid, is_repeat=True),
            *([Outcome(refusal=code)] if code else []),
        ]
        for outcome in outcomes:
            _is_answer(backend.answer_callback(event, outcome))

    def test_answers_a_call_that_failed_on_our_side(
        self, backend: PaymentBackend, callback: Callback | None
    ) -> None:
        """The gateway then comes again."""
        _is_answer(backend.refuse_callback(callback or Callback()))

    def test_gives_money_back_once_or_says_that_it_cannot(
        self, backend: PaymentBackend, paid: Snapshot
    ) -> None:
        """Nothing in between: an answer that got lost is asked for again by the same id."""
        request = RefundRequest(
            refund_id="3f0e4b1c-0000-4000-8000-000000000001",
            payment=paid,
            amount=paid.amount,
            currency=paid.currency,
            reason="returned",
        )
        try:
            first, second = backend.refund(request), backend.refund(request)
        except Unsupported:
            return
        assert isinstance(first, Refunded)
        assert first.status in {"succeeded", "pending", "failed"}
        assert first.reference == second.reference

    def test_tells_its_secrets_to_nobody(
        self, backend: PaymentBackend, callback: Callback | None, secrets: Sequence[str]
    ) -> None:
        """Neither itself nor what it read, for all of it may be logged."""
        told = f"{backend!r} {backend} {_read(backend, callback)!r}"
        assert [one for one in secrets if one in told] == []


def _altered(callback: Callback) -> Iterator[Callback]:
    body = callback.body
    for place in range(len(body)):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        yield replace(callback, body=changed)


def _refused(backend: PaymentBackend, callback: Callback) -> None:
    with pytest.raises(CallbackRefused) as refusal:
        backend.read_callback(callback)
    if refusal.value.answer is not None:
        _is_answer(refusal.value.answer)


def _read(backend: PaymentBackend, callback: Callback | None) -> Event:
    if callback is None:
        return Event(event_id="1", kind="note")
    return backend.read_callback(callback)


def _is_answer(answer: Answer) -> None:
    assert isinstance(answer, Answer)
    assert isinstance(answer.body, bytes)
    assert 200 <= answer.status < 600
