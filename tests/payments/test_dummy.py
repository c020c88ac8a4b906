"""The gateway of buttons: what it believes, and that it refuses to work in a shop."""

import json
import re
import time
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import Signer

from shopkit.core.backends import load_backend
from shopkit.payments.backends.base import (
    PaymentBackend,
    RefundRequest,
    Snapshot,
    StartRequest,
)
from shopkit.payments.backends.dummy import SIGNATURE, DummyBackend, Sheet, say
from shopkit.payments.errors import CallbackRefused, StartRefused, Unsupported
from shopkit.payments.testing import PaymentBackendContract

SECRET = "tests-only-dummy-secret"
PATH = "shopkit.payments.backends.dummy.DummyBackend"
UUID = "7d9f2c1e-0000-4000-8000-000000000001"
SHEET = Sheet(
    payment_id=UUID,
    order_number="7K3M9-QX2TD",
    amount="150000.00",
    currency="UZS",
    return_url="https://shop.example/thanks",
    cancel_url="https://shop.example/cart",
)
REQUEST = StartRequest(
    payment_id=UUID,
    order_number="7K3M9-QX2TD",
    amount=Decimal(150_000),
    currency="UZS",
    return_url="https://shop.example/thanks",
    cancel_url="https://shop.example/cart",
)


@pytest.fixture
def at_a_desk(settings):
    """DEBUG is on."""
    settings.DEBUG = True


@pytest.fixture
def backend(at_a_desk):
    """The gateway, as a developer has it."""
    return DummyBackend(secret=SECRET)


@pytest.mark.usefixtures("at_a_desk")
class TestDummyBackend(PaymentBackendContract):
    """It keeps the contract of all gateways."""

    @pytest.fixture
    def backend(self):
        return DummyBackend(secret=SECRET)

    @pytest.fixture
    def callback(self, backend):
        return backend.sign(say(SHEET, "payment.paid"))


def sheet_of(link):
    return re.fullmatch(r"http://127\.0\.0\.1:8000(/\S+)\?sheet=(\S+)", link).groups()


def test_the_link_holds_the_attempt(backend):
    started = backend.start(REQUEST)
    path, signed = sheet_of(started.redirect_url)

    assert started.reference == f"dummy_{UUID}"
    assert path == f"/api/v1/payments/dummy/{UUID}/"
    assert backend.open_sheet(signed) == SHEET
    assert backend.start(REQUEST) == started


def test_a_link_of_another_secret_is_nobodys(backend, settings):
    _path, signed = sheet_of(DummyBackend(secret="another").start(REQUEST).redirect_url)
    settings.SECRET_KEY_FALLBACKS = ["another"]
    # Signed for something else with the right secret.
    elsewhere = Signer(key=SECRET, salt="carts").sign_object(asdict(SHEET))

    for link in (signed, elsewhere, "", "x", signed[:-1]):
        assert backend.open_sheet(link) is None


def test_links_begin_as_the_site_says(at_a_desk):
    backend = DummyBackend(secret=SECRET, base_url="https://shop.example/")

    link = backend.start(REQUEST).redirect_url

    assert link.startswith(f"https://shop.example/api/v1/payments/dummy/{UUID}/?sheet=")


def test_nobody_is_led_to_what_is_no_page(backend):
    bad = replace(REQUEST, return_url="javascript:alert(1)", cancel_url="data:text/html,x")

    sheet = backend.open_sheet(sheet_of(backend.start(bad).redirect_url)[1])

    assert (sheet.return_url, sheet.cancel_url) == ("", "")


def test_a_link_that_cannot_be_kept_is_refused(backend):
    noise = "".join(f"{place * 7919 % 104729:x}" for place in range(900))

    with pytest.raises(StartRefused):
        backend.start(replace(REQUEST, return_url=f"https://shop.example/{noise}"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("payment.paid", ("settle", "cancelled", "")),
        ("payment.failed", ("close", "failed", "declined")),
        ("payment.expired", ("close", "expired", "expired")),
    ],
)
def test_says_what_an_event_means(backend, kind, expected):
    told = say(SHEET, kind)

    event = backend.read_callback(backend.sign(told))

    assert (event.kind, event.outcome, event.reason) == expected
    assert (event.event_id, event.name, event.is_final) == (told["id"], kind, True)
    assert (event.payment_id, event.order_number) == (UUID, "7K3M9-QX2TD")
    assert (event.amount, event.currency) == (Decimal(150_000), "UZS")
    assert event.reference == backend.start(REQUEST).reference
    assert event.data == told


@pytest.mark.parametrize("age", [-299, 0, 299])
def test_a_fresh_stamp_is_believed(backend, age):
    callback = backend.sign(say(SHEET, "payment.paid"), at=time.time() - age)

    assert backend.read_callback(callback).kind == "settle"


@pytest.mark.parametrize("age", [-86_400, -310, 310, 86_400])
def test_an_old_stamp_is_refused_and_one_of_the_future_too(backend, age):
    with pytest.raises(CallbackRefused):
        backend.read_callback(backend.sign(say(SHEET, "payment.paid"), at=time.time() - age))


def test_a_stamp_is_part_of_what_is_signed(backend):
    old = backend.sign(say(SHEET, "payment.paid"), at=time.time() - 1000)
    fresh = f"t={int(time.time())},"
    renewed = re.sub(r"t=\d+,", fresh, old.headers[SIGNATURE])

    with pytest.raises(CallbackRefused):
        backend.read_callback(replace(old, headers={SIGNATURE: renewed}))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        "t=1",
        "v1=" + "0" * 64,
        "t=\u0669,v1=" + "0" * 64,
        "t=1764162000,v1=" + "0" * 64,
        "t=1764162000,v1=" + "é" * 64,
        "t=1764162000,v1=" + "0" * 64 + "\n",
        "t=" + "9" * 5000 + ",v1=" + "0" * 64,
    ],
)
def test_a_header_that_is_no_signature_is_refused(backend, header):
    signed = backend.sign(say(SHEET, "payment.paid"))

    with pytest.raises(CallbackRefused) as refusal:
        backend.read_callback(replace(signed, headers={SIGNATURE: header}))

    assert refusal.value.answer is None


def test_another_gateways_secret_is_not_this_ones(backend):
    signed = DummyBackend(secret="another").sign(say(SHEET, "payment.paid"))

    with pytest.raises(CallbackRefused):
        backend.read_callback(signed)


GOOD = say(SHEET, "payment.paid")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"1",
        b"null",
        b'"text"',
        b"[" * 100_000,
        *(
            json.dumps({**GOOD, **changes}).encode()
            for changes in (
                {"type": "payment.stolen"},
                {"type": ["payment.paid"]},
                {"amount": 150000.0},
                {"amount": "1e5"},
                {"amount": "-1.00"},
                {"amount": "NaN"},
                {"amount": "1_000"},
                {"amount": "\u0665"},
                {"amount": "1.00\n"},
                {"id": ""},
                {"id": "x" * 201},
                {"payment_id": None},
            )
        ),
        *(
            json.dumps({name: GOOD[name] for name in GOOD if name != missing}).encode()
            for missing in GOOD
        ),
    ],
    ids=lambda _body: "body",  # GOOD has an id of chance
)
def test_signed_nonsense_is_malformed(backend, body):
    with pytest.raises(CallbackRefused) as refusal:
        backend.read_callback(backend.sign(body))

    assert refusal.value.answer.status == 400


def test_two_presses_tell_two_events_of_one_fact(backend):
    first, again, other = (backend.read_callback(one) for one in backend.press(SHEET, "pay_twice"))

    assert first == again
    assert first.event_id != other.event_id
    assert replace(first, event_id="", data={}) == replace(other, event_id="", data={})
    assert [len(backend.press(SHEET, one)) for one in ("pay", "fail", "expire")] == [1, 1, 1]


def test_a_refund_is_given_and_remembered_nowhere_but_in_its_reference(backend):
    paid = Snapshot(
        payment_id=UUID, order_number="1", amount=Decimal(5), currency="UZS", status="paid"
    )
    request = RefundRequest(refund_id="r-1", payment=paid, amount=Decimal(5), currency="UZS")

    assert backend.refund(request).reference == "dummy_refund_r-1"
    assert backend.refund(request) == backend.refund(request)
    other = replace(request, refund_id="r-2")
    assert backend.refund(other).reference == "dummy_refund_r-2"


def test_is_for_development_and_holds_stock_for_half_an_hour():
    backend = DummyBackend(secret=SECRET)

    assert backend.for_development
    assert backend.window == timedelta(minutes=30)
    assert str(backend.name) == "Test payment"


def test_is_not_built_without_a_secret():
    with pytest.raises(ImproperlyConfigured, match="secret must not be empty"):
        load_backend({"BACKEND": PATH, "OPTIONS": {"secret": ""}}, base=PaymentBackend)


class TestOutsideDebug:
    """Whatever the settings say, nobody pays for an order by pressing a button."""

    @pytest.fixture
    def backend(self):
        return DummyBackend(secret=SECRET)

    def test_no_attempt_begins(self, backend):
        with pytest.raises(StartRefused):
            backend.start(REQUEST)

    def test_no_event_is_believed(self, backend):
        with pytest.raises(CallbackRefused):
            backend.read_callback(backend.sign(GOOD))

    def test_no_money_is_said_to_have_gone_back(self, backend):
        paid = Snapshot(
            payment_id=UUID, order_number="1", amount=Decimal(5), currency="UZS", status="paid"
        )
        with pytest.raises(Unsupported):
            backend.refund(
                RefundRequest(refund_id="1", payment=paid, amount=Decimal(5), currency="UZS")
            )

    def test_every_check_says_so_and_not_only_that_of_deployments(self, settings):
        named = {"BACKEND": PATH, "OPTIONS": {"secret": SECRET}}
        settings.SHOPKIT = {**settings.SHOPKIT, "PAYMENTS": {"PROVIDERS": {"test": named}}}

        found = {one.id: one for one in run_checks(tags=["shopkit"])}

        assert "'test' is the dummy gateway" in found["shopkit.payments.E005"].msg
        assert found["shopkit.payments.E005"].is_serious()
        settings.DEBUG = True
        ids = {one.id for one in run_checks(tags=["shopkit"])}
        assert "shopkit.payments.E005" not in ids
