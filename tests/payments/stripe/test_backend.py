"""What Stripe is asked: every request is held against the types of its own package."""

import logging
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from shopkit.core.backends import load_backend
from shopkit.core.errors import BackendError
from shopkit.core.http import LocksHeldWarning
from shopkit.payments.backends.base import Line, PaymentBackend, Refunded, RefundRequest, Started
from shopkit.payments.backends.stripe import StripeBackend, StripeIntentBackend, calls
from shopkit.payments.backends.stripe.amounts import Amounts
from shopkit.payments.backends.stripe.page import LOCALES, locale_of
from shopkit.payments.errors import StartRefused, Unsupported
from shopkit.payments.testing import PaymentBackendContract

from .conftest import NUMBER, PAYMENT_ID, REFUND_ID, snapshot, wanted

FAST = {"timeout": 0.3}
OPTIONS = {"api_key": "sk_test_made_up_0001", "webhook_secret": "whsec_made_up_0001"}
OURS = {"shopkit_payment": PAYMENT_ID, "shopkit_order": NUMBER}


class StripeContract(PaymentBackendContract):
    """What both backends owe the contract."""

    @pytest.fixture
    def started(self, stripe, backend, request_):
        """An attempt that was paid."""
        begun = backend.start(request_)
        stripe.pay(begun.reference)
        return begun

    @pytest.fixture
    def callback(self, stripe, started):
        return stripe.signed(stripe.events[-1])

    @pytest.fixture
    def paid(self, started):
        return snapshot(started, status="paid", captured=Decimal("150000.00"))

    @pytest.fixture
    def secrets(self, stripe):
        return [stripe.api_key, stripe.webhook_secret]


class TestStripeBackend(StripeContract):
    """Checkout keeps the contract of all gateways."""

    @pytest.fixture
    def backend(self, stripe):
        return StripeBackend(**stripe.options, currencies=["UZS", "USD"])

    @pytest.fixture
    def paid(self, stripe, checkout):
        started = checkout.start(wanted())
        stripe.pay(started.reference)
        return snapshot(started, status="paid", captured=Decimal("150000.00"))

    @pytest.fixture
    def callback(self, stripe, paid):
        return stripe.signed(stripe.events[-1])


class TestStripeIntentBackend(StripeContract):
    """Intents keep it too."""

    @pytest.fixture
    def backend(self, stripe):
        return StripeIntentBackend(**stripe.options, currencies=["UZS", "USD"])

    @pytest.fixture
    def paid(self, stripe, intent):
        started = intent.start(wanted())
        stripe.pay(started.reference)
        return snapshot(started, status="paid", captured=Decimal("150000.00"))

    @pytest.fixture
    def callback(self, stripe, paid):
        return stripe.signed(stripe.events[-1])


def refund(started, amount="150000.00", **changes):
    payment = snapshot(started, status="paid", captured=Decimal("150000.00"))
    given = {"payment": payment, "refund_id": REFUND_ID, "currency": "UZS"}
    return RefundRequest(amount=Decimal(amount), **{**given, **changes})


def paid(stripe, backend):
    started = backend.start(wanted())
    stripe.pay(started.reference)
    return started


# --- being built ---


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"api_key": ""}, "api_key"),
        ({"api_key": "pk_test_1"}, "api_key"),
        ({"webhook_secret": ""}, "webhook_secret"),
        ({"webhook_secret": "  "}, "webhook_secret"),
        ({"webhook_secret": []}, "webhook_secret"),
        ({"webhook_secret": ["whsec_1", ""]}, "webhook_secret"),
        ({"window": timedelta(minutes=29)}, "window"),
        ({"window": timedelta(hours=25)}, "window"),
        ({"currencies": ["USD", "XYZ"]}, "XYZ"),
        ({"colour": "red"}, "colour"),
        ({"api_base": "http://stripe.example"}, "https"),
    ],
)
def test_it_is_not_built_from_wrong_options(wrong, why):
    path = "shopkit.payments.backends.stripe.StripeBackend"

    with pytest.raises(ImproperlyConfigured, match=why):
        load_backend({"BACKEND": path, "OPTIONS": {**OPTIONS, **wrong}}, base=PaymentBackend)


def test_a_missing_package_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(calls, "stripe", None)

    with pytest.raises(ImproperlyConfigured, match=r'pip install "shopkit\[stripe\]"'):
        StripeBackend(**OPTIONS)


@pytest.mark.parametrize(
    ("key", "is_live"),
    [
        ("sk_test_1", False),
        ("rk_test_1", False),
        ("sk_live_1", True),
        ("rk_live_1", True),
        ("sk_1", None),
    ],
)
def test_the_key_tells_whether_money_is_real(key, is_live):
    backend = StripeBackend(**{**OPTIONS, "api_key": key})

    assert backend.is_live is is_live


def test_each_class_says_how_customers_pay():
    checkout, intent = StripeBackend(**OPTIONS), StripeIntentBackend(**OPTIONS)

    assert (checkout.kind, intent.kind) == ("redirect", "client")
    assert checkout.window == intent.window == timedelta(minutes=30)
    assert checkout.answers_late
    assert intent.answers_late


# --- starting ---


def test_a_session_is_asked_for_in_the_words_of_the_api(stripe, checkout):
    request = wanted()

    started = checkout.start(request)

    (sent,) = stripe.requests
    (session,) = stripe.sessions.values()
    closes = int((request.expires_at + timedelta(minutes=2)).timestamp())
    assert started == Started(reference=session["id"], redirect_url=session["url"])
    assert sent.headers["authorization"] == "Bearer sk_test_made_up_0001"
    assert sent.headers["stripe-version"] == "2026-10-28.endive"
    assert sent.headers["idempotency-key"] == f"shopkit:{PAYMENT_ID}:start"
    assert sent.fields == {
        "mode": "payment",
        "success_url": "https://shop.example/thanks?order=1",
        "cancel_url": "https://shop.example/cart",
        "client_reference_id": PAYMENT_ID,
        "expires_at": str(closes),
        "locale": "ru",
        "adaptive_pricing[enabled]": "false",
        "metadata[shopkit_payment]": PAYMENT_ID,
        "metadata[shopkit_order]": NUMBER,
        "metadata[shopkit_flow]": "checkout",
        "payment_intent_data[metadata][shopkit_payment]": PAYMENT_ID,
        "payment_intent_data[metadata][shopkit_order]": NUMBER,
        "payment_intent_data[metadata][shopkit_flow]": "checkout",
        "line_items[0][quantity]": "2",
        "line_items[0][price_data][currency]": "uzs",
        "line_items[0][price_data][unit_amount]": "6000000",
        "line_items[0][price_data][product_data][name]": "Чашка «Бухара»",
        "line_items[1][quantity]": "1",
        "line_items[1][price_data][currency]": "uzs",
        "line_items[1][price_data][unit_amount]": "1000000",
        "line_items[1][price_data][product_data][name]": "Ложка",
        "line_items[2][quantity]": "1",
        "line_items[2][price_data][currency]": "uzs",
        "line_items[2][price_data][unit_amount]": "2000000",
        "line_items[2][price_data][product_data][name]": "Доставка",
    }
    assert session["amount_total"] == 15_000_000


def test_an_intent_is_asked_for_in_the_words_of_the_api(stripe, intent):
    started = intent.start(wanted())

    (sent,) = stripe.requests
    (made,) = stripe.intents.values()
    assert started == Started(reference=made["id"], client_secret=made["client_secret"])
    assert sent.headers["idempotency-key"] == f"shopkit:{PAYMENT_ID}:start"
    assert sent.fields == {
        "amount": "15000000",
        "currency": "uzs",
        "automatic_payment_methods[enabled]": "true",
        "metadata[shopkit_payment]": PAYMENT_ID,
        "metadata[shopkit_order]": NUMBER,
        "metadata[shopkit_flow]": "intent",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"discount": Decimal("1.00")},
        {"amount": Decimal("75000.00")},
        {"lines": ()},
    ],
)
def test_what_does_not_add_up_is_one_line_for_the_order(stripe, checkout, changes):
    request = wanted(**changes)

    checkout.start(request)

    (session,) = stripe.sessions.values()
    assert session["amount_total"] == request.amount * 100
    assert "line_items[1][quantity]" not in stripe.requests[0].fields
    assert stripe.requests[0].fields["line_items[0][price_data][product_data][name]"] == (
        f"Заказ {NUMBER}"
    )


@pytest.mark.parametrize(
    ("window", "closes"),
    [
        (timedelta(minutes=30), timedelta(minutes=32)),  # Stripe's shortest, and its clock
        (timedelta(hours=1), timedelta(minutes=58)),  # before the stock is given back
        (timedelta(hours=24), timedelta(hours=23, minutes=58)),  # Stripe's longest, and its clock
    ],
)
def test_the_page_closes_with_the_window(stripe, window, closes):
    now = datetime.now(timezone.utc).replace(microsecond=0)
    backend = StripeBackend(**stripe.options, window=window)

    backend.start(wanted(expires_at=now + window))

    (session,) = stripe.sessions.values()
    assert session["expires_at"] == int((now + closes).timestamp())


def test_an_attempt_of_long_ago_is_not_begun_any_more(stripe, checkout):
    nearly_over = datetime.now(timezone.utc) + timedelta(minutes=20)

    with pytest.raises(StartRefused):
        checkout.start(wanted(expires_at=nearly_over))

    assert not stripe.sessions


def test_a_page_to_come_back_to_may_stand_in_the_options(stripe, checkout):
    with pytest.raises(ValueError, match="return_url"):
        checkout.start(wanted(return_url=""))
    assert stripe.requests == []

    StripeBackend(**stripe.options, return_url="https://shop.example/").start(wanted(return_url=""))

    assert stripe.requests[0].fields["success_url"] == "https://shop.example/"


@pytest.mark.parametrize("backend", ["checkout", "intent"])
def test_starting_again_begins_nothing_new(stripe, backend, request):
    backend, given = request.getfixturevalue(backend), wanted()

    first, second = backend.start(given), backend.start(given)

    assert first == second
    assert len(stripe.sessions) + len(stripe.intents) == 1


@pytest.mark.parametrize("backend", ["checkout", "intent"])
def test_starting_again_for_another_page_finds_what_was_begun(stripe, backend, request):
    backend = request.getfixturevalue(backend)
    first = backend.start(wanted())
    for number in range(101):
        backend.start(wanted(payment_id=str(number)))
    begun = {**stripe.sessions, **stripe.intents}[first.reference]
    begun["metadata"]["added_by_hand"] = "1"
    for key, (said, reply) in list(stripe.stored.items()):
        stripe.stored[key] = ((said[0], {**said[1], "locale": "fr"}), reply)

    second = backend.start(wanted())

    assert second == first
    assert len(stripe.sessions) + len(stripe.intents) == 102


def test_another_amount_under_the_same_payment_is_no_attempt_of_it(stripe, checkout):
    checkout.start(wanted())

    with pytest.raises(BackendError):
        checkout.start(wanted(amount=Decimal("150001.00")))

    assert len(stripe.sessions) == 1


# --- amounts ---


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("10.50", "USD", 1050),
        ("150000.00", "UZS", 15_000_000),
        ("1500", "JPY", 1500),
        ("1500", "KRW", 1500),
        ("1.230", "KWD", 1230),
        ("1500", "ISK", 150_000),
        ("1500", "UGX", 150_000),
        ("1500", "MGA", 1500),
    ],
)
def test_amounts_go_there_and_back(amount, currency, units):
    amounts = Amounts({})

    assert amounts.to_units(Decimal(amount), currency) == units
    assert amounts.from_units(units, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("10.505", "USD"),
        ("1500.50", "JPY"),
        ("1.234", "KWD"),
        ("1500.50", "ISK"),
        ("10.50", "MGA"),
        ("1", "XYZ"),
    ],
)
def test_what_stripe_cannot_take_exactly_is_refused(stripe, checkout, intent, amount, currency):
    with pytest.raises(ValueError, match=currency):
        Amounts({}).to_units(Decimal(amount), currency)
    for backend in (checkout, intent):
        with pytest.raises(ValueError, match=currency):
            backend.start(wanted(amount=Decimal(amount), currency=currency, lines=()))

    assert stripe.requests == []


def test_a_site_may_know_a_currency_better():
    amounts = Amounts({"UGX": 0, "XYZ": 1})

    assert amounts.to_units(Decimal(1501), "UGX") == 1501
    assert amounts.to_units(Decimal("1.5"), "XYZ") == 15


def test_three_digits_that_fit_in_the_whole_are_one_line(stripe, checkout):
    lines = (Line(title="Tea", quantity=2, unit_price=Decimal("1.235")),)

    checkout.start(wanted(amount=Decimal("2.470"), currency="KWD", lines=lines, shipping=0))

    assert stripe.requests[0].fields["line_items[0][price_data][unit_amount]"] == "2470"


def test_the_page_speaks_the_customers_language_where_stripe_does():
    from stripe.params.checkout import SessionCreateParams

    declared = str(SessionCreateParams.__annotations__["locale"])

    assert set(re.findall("'([^']+)'", declared)) == {"auto", *LOCALES}
    assert [locale_of(one) for one in ("ru", "uz", "kaa", "en-gb", "pt-br", "ru-RU", "")] == [
        "ru", "auto", "auto", "en-GB", "pt-BR", "ru", "auto",
    ]  # fmt: skip


# --- failures ---


@pytest.mark.parametrize("backend", ["checkout", "intent"])
def test_a_lost_answer_is_asked_for_again_and_nothing_doubles(stripe, backend, request):
    backend = type(request.getfixturevalue(backend))(**{**stripe.options, **FAST})
    stripe.lose_answers(2)

    started = backend.start(wanted())

    keys = {one.headers["idempotency-key"] for one in stripe.requests}
    assert (len(stripe.requests), keys) == (3, {f"shopkit:{PAYMENT_ID}:start"})
    assert started.reference in {*stripe.sessions, *stripe.intents}
    assert len(stripe.sessions) + len(stripe.intents) == 1


def test_after_three_lost_answers_the_next_start_finds_the_session(stripe):
    backend, given = StripeBackend(**{**stripe.options, **FAST}), wanted()
    stripe.lose_answers(3)
    with pytest.raises(BackendError):
        backend.start(given)

    started = backend.start(given)

    assert [started.reference] == list(stripe.sessions)


@pytest.mark.parametrize(("status", "tries"), [(409, 3), (500, 3), (503, 3), (429, 1)])
def test_trouble_that_passes_is_no_refusal(stripe, checkout, status, tries):
    stripe.fail_next(status, times=3)

    with pytest.raises(BackendError) as failure:
        checkout.start(wanted())

    assert not isinstance(failure.value, StartRefused)
    assert (len(stripe.requests), stripe.sessions) == (tries, {})


@pytest.mark.parametrize(("status", "code"), [(402, "card_declined"), (400, "amount_too_small")])
def test_a_clear_no_is_a_refusal(stripe, checkout, status, code):
    stripe.fail_next(status, code=code)

    with pytest.raises(StartRefused):
        checkout.start(wanted())

    assert len(stripe.requests) == 1


def test_a_failure_that_stripe_remembers_is_not_asked_for_again(stripe, checkout):
    stripe.remember_failure()

    with pytest.raises(BackendError):
        checkout.start(wanted())

    # The second try was told that there is no use in a third one.
    assert (len(stripe.requests), stripe.sessions) == (2, {})


def test_a_wrong_key_begins_nothing_and_is_told_nobody(stripe, caplog):
    backend = StripeBackend(**{**stripe.options, "api_key": "sk_test_stolen_key_0002"})

    with caplog.at_level(logging.DEBUG), pytest.raises(StartRefused) as failure:
        backend.start(wanted())

    assert failure.value.__context__ is None
    assert "Stripe answered 401" in caplog.text
    assert "stolen" not in caplog.text


def test_a_redirect_is_not_followed(stripe, checkout):
    stripe.next(302, b"", Location=f"{stripe.url}/v1/elsewhere")

    with pytest.raises(BackendError):
        checkout.start(wanted())

    assert stripe.paths() == ["/v1/checkout/sessions"]


def test_rubbish_is_no_answer(stripe, checkout):
    stripe.next(200, b"<html>")

    with pytest.raises(BackendError):
        checkout.start(wanted())


@pytest.mark.django_db(transaction=True)
def test_no_locks_are_held_during_a_call(stripe, checkout):
    with transaction.atomic(), pytest.raises(LocksHeldWarning):
        checkout.start(wanted())

    assert stripe.requests == []


def test_neither_bodies_nor_secrets_are_logged_and_nothing_is_told_of_the_machine(
    stripe, intent, caplog, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    with caplog.at_level(logging.DEBUG):
        started = intent.start(wanted())
        intent.look_up(snapshot(started))

    assert started.client_secret not in caplog.text
    assert "sk_test_made_up_0001" not in caplog.text
    assert list(tmp_path.iterdir()) == []
    for one in stripe.requests:
        assert "x-stripe-client-telemetry" not in one.headers
        assert "platform" not in one.headers["x-stripe-client-user-agent"]


# --- refunds ---


@pytest.mark.parametrize("backend", ["checkout", "intent"])
def test_money_goes_back_once_for_each_refund(stripe, backend, request):
    backend = request.getfixturevalue(backend)
    given = refund(paid(stripe, backend), "50000.00")

    first, again = backend.refund(given), backend.refund(given)

    (made,) = stripe.refunds.values()
    (sent,) = [one for one in stripe.requests if (one.method, one.path) == ("POST", "/v1/refunds")]
    assert first == again == Refunded(status="succeeded", reference=made["id"])
    assert sent.headers["idempotency-key"] == f"shopkit:{REFUND_ID}:refund"
    assert sent.fields == {
        "payment_intent": made["payment_intent"],
        "amount": "5000000",
        "metadata[shopkit_payment]": PAYMENT_ID,
        "metadata[shopkit_order]": NUMBER,
        "metadata[shopkit_flow]": backend.flow,
        "metadata[shopkit_refund]": REFUND_ID,
    }
    assert stripe.ledger(PAYMENT_ID) == {"uzs": 10_000_000}


def test_a_refund_is_found_when_its_key_is_long_forgotten(stripe, checkout):
    given = refund(paid(stripe, checkout), "50000.00")
    checkout.refund(given)
    stripe.forget_keys()

    again = checkout.refund(given)

    assert [again.reference] == list(stripe.refunds)
    assert stripe.ledger() == {"uzs": 10_000_000}


def test_a_refund_without_an_answer_is_made_once(stripe):
    backend = StripeBackend(**{**stripe.options, **FAST})
    given = refund(paid(stripe, backend))
    stripe.lose_answers(3)

    with pytest.raises(BackendError):
        backend.refund(given)
    again = backend.refund(given)

    assert again.status == "succeeded"
    assert stripe.ledger() == {"uzs": 0}


def test_the_intent_that_an_event_brought_is_not_asked_for(stripe, checkout):
    started = paid(stripe, checkout)
    known = stripe.sessions[started.reference]["payment_intent"]
    stripe.requests.clear()
    payment = snapshot(started, other_reference=known)

    checkout.refund(refund(started, payment=payment))

    assert stripe.paths() == ["/v1/refunds", "/v1/refunds"]


@pytest.mark.parametrize(
    ("told", "status"),
    [("pending", "pending"), ("requires_action", "pending"), ("succeeded", "succeeded"),
     ("failed", "failed"), ("canceled", "failed"), ("a_word_of_next_year", "pending")],
)  # fmt: skip
def test_the_state_of_a_refund_is_stripes(stripe, checkout, told, status):
    stripe.refund_status = told

    assert checkout.refund(refund(paid(stripe, checkout))).status == status


def test_more_than_is_left_is_refused_for_good(stripe, checkout):
    started = paid(stripe, checkout)
    checkout.refund(refund(started))

    again = checkout.refund(refund(started, refund_id="another"))

    assert again == Refunded(status="failed", reason="charge_already_refunded")
    assert stripe.ledger() == {"uzs": 0}


@pytest.mark.parametrize("status", [429, 500, 409])
def test_a_refund_in_trouble_is_tried_later(stripe, checkout, status):
    started = paid(stripe, checkout)
    payment = snapshot(
        started, other_reference=stripe.sessions[started.reference]["payment_intent"]
    )
    stripe.fail_next(status, times=3)

    with pytest.raises(BackendError):
        checkout.refund(refund(started, payment=payment))

    assert stripe.ledger() == {"uzs": 15_000_000}


def test_only_reasons_that_block_nobody_are_passed_on(stripe, checkout):
    started = paid(stripe, checkout)
    for number, reason in enumerate(
        ("duplicate", "requested_by_customer", "fraudulent", "Я передумал")
    ):
        checkout.refund(refund(started, "10.00", refund_id=str(number), reason=reason))

    assert [one["reason"] for one in stripe.refunds.values()] == [
        "duplicate", "requested_by_customer", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [{"amount": "0.005"}, {"payment": snapshot()}])
def test_what_cannot_be_given_back_by_a_program_is_said(stripe, checkout, changes):
    started = paid(stripe, checkout)
    if "payment" in changes:
        stripe.sessions.clear()

    with pytest.raises(Unsupported):
        checkout.refund(refund(started, **changes))

    assert not stripe.refunds


@pytest.mark.parametrize("backend", ["checkout", "intent"])
@pytest.mark.parametrize(
    ("became", "told"), [("paid", BackendError), ("delayed", BackendError), ("over", StartRefused)]
)
def test_what_became_of_an_attempt_that_nobody_heard_of(stripe, backend, became, told, request):
    backend = request.getfixturevalue(backend)
    reference = backend.start(wanted()).reference
    if became != "over":
        stripe.pay(reference, became)
    elif reference in stripe.sessions:
        stripe.expire(stripe.sessions[reference])
    else:
        stripe.cancel(stripe.intents[reference], "abandoned")
    key = f"shopkit:{PAYMENT_ID}:start"
    stripe.stored[key] = ("somebody else's", stripe.stored[key][1])

    with pytest.raises(told) as failure:
        backend.start(wanted())

    # Refused is only what certainly cannot be paid; the customer may begin anew then.
    assert isinstance(failure.value, StartRefused) == (became == "over")
    assert len(stripe.sessions) <= 1
    assert len(stripe.intents) <= 1


def test_a_page_without_a_way_back_to_the_cart_is_made(stripe, checkout):
    checkout.start(wanted(cancel_url="", expires_at=None))

    assert not {"cancel_url", "expires_at"} & stripe.requests[0].fields.keys()
