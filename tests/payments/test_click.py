"""Click's words in and out, and its Merchant API on loopback."""

import inspect
import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.core import http
from shopkit.core.errors import BackendError
from shopkit.payments.backends.base import (
    Callback,
    Outcome,
    RefundRequest,
    Snapshot,
    StartRequest,
)
from shopkit.payments.backends.click import ClickBackend
from shopkit.payments.errors import CallbackRefused, Unsupported
from shopkit.payments.testing import PaymentBackendContract
from shopkit.payments.testing.click import Attempt, ClickCaller, FakeClickMerchant

SECRET = "made_up_click_secret"
OPTIONS = {"service_id": 31337, "merchant_id": 777, "secret_key": SECRET}
TRANS = 2_147_483_648_000
NOON = datetime(2026, 11, 20, 7, 30, tzinfo=timezone.utc)
ATTEMPT = Attempt("A-17", "150000.00", trans_id=TRANS, paydoc_id=9_000_000_000_001)

# PROVIDERS.md 3.1: made-up secret, digests computed apart from this code.
PREPARE = {
    "click_trans_id": str(TRANS),
    "service_id": "31337",
    "click_paydoc_id": "9000000000001",
    "merchant_trans_id": "A-17",
    "amount": "150000.00",
    "action": "0",
    "error": "0",
    "error_note": "Success",
    "sign_time": "2026-11-20 12:30:45",
    "sign_string": "dc4fe9d2c5762b156b75b6c9774d6fc1",
}
COMPLETE = {
    **PREPARE,
    "action": "1",
    "merchant_prepare_id": "9001",
    "sign_string": "07329b0d00a7507d386f49ea385fecd4",
}
WRONG = "dc6da102c14106117ebc390f82917d38"  # a Complete of the amount written as 150000.0


class TestClickBackend(PaymentBackendContract):
    """Click keeps the contract of all gateways."""

    @pytest.fixture
    def backend(self):
        return ClickBackend(**OPTIONS)

    @pytest.fixture
    def callback(self):
        return callback(resigned())

    @pytest.fixture
    def unsigned(self):
        return callback({**resigned(), "sign_string": ""})

    @pytest.fixture
    def altered(self):
        return [
            callback({**resigned(), name: value[:-1] + chr(ord(value[-1]) ^ 1)})
            for name, value in resigned().items()
            if name
            in {
                "click_trans_id",
                "service_id",
                "merchant_trans_id",
                "merchant_prepare_id",
                "amount",
                "action",
                "sign_time",
                "sign_string",
            }
        ]


@pytest.fixture
def backend():
    return ClickBackend(**OPTIONS)


@pytest.fixture
def merchant(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with FakeClickMerchant() as running:
        yield running


def callback(fields):
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    return Callback(body=body)


def resigned(**changes):
    """A Complete, or what the changes make of it, signed as Click would."""
    changed = {**COMPLETE, "sign_string": None, **changes}
    return dict(parse_qsl(ClickCaller(None).form(ATTEMPT, **changed), keep_blank_values=True))


def refusal_of(backend, fields):
    with pytest.raises(CallbackRefused) as refused:
        backend.read_callback(callback(fields))
    assert (refused.value.answer.status, refused.value.answer.content_type) == (
        200,
        "application/json",
    )
    return json.loads(refused.value.answer.body)


def answered(backend, event, **outcome):
    answer = backend.answer_callback(event, Outcome(**outcome))
    assert (answer.status, answer.content_type) == (200, "application/json")
    return json.loads(answer.body)


def snapshot(**changes):
    given = {
        "payment_id": "7d9f2c1e-0000-4000-8000-000000000001",
        "order_number": "A-17",
        "amount": Decimal(150_000),
        "currency": "UZS",
        "status": "pending",
        "serial": 9001,
        "reference": str(TRANS),
        "other_reference": "9000000000001",
        "created_at": NOON,
        "opened_at": NOON,
    }
    return Snapshot(**{**given, **changes})


class TestSettings:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"secret_key": ""},
            {"secret_key": "  "},
            {"secret_key": None},
            {"service_id": ""},
            {"service_id": "abc"},
            {"service_id": None},
            {"merchant_id": "7 7"},
            {"merchant_user_id": "x"},
        ],
    )
    def test_it_is_not_built_of_wrong_options(self, wrong):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            ClickBackend(**{**OPTIONS, **wrong})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"pay_url": "http://my.click.uz/services/pay/"},
            {"merchant_user_id": 1, "api_base": "http://api.click.uz/"},
        ],
    )
    def test_nothing_is_sent_in_clear(self, wrong):
        with pytest.raises(ImproperlyConfigured, match="https"):
            ClickBackend(**{**OPTIONS, **wrong})

    def test_ids_may_be_text_as_an_environment_has_them(self):
        texts = {"service_id": "31337", "merchant_id": "777", "secret_key": SECRET}

        assert ClickBackend(**texts).read_callback(callback(PREPARE)).kind == "open"

    def test_the_package_requests_is_needed_for_the_merchant_api_only(self, monkeypatch):
        monkeypatch.setattr(http, "requests", None)

        ClickBackend(**OPTIONS)
        with pytest.raises(ImproperlyConfigured, match="requests"):
            ClickBackend(**OPTIONS, merchant_user_id=4242)

    def test_what_clients_are_told(self, backend):
        assert (backend.kind, backend.name, tuple(backend.currencies), backend.window) == (
            "redirect",
            "Click",
            ("UZS",),
            timedelta(minutes=30),
        )
        assert ClickBackend(**OPTIONS, window=timedelta(hours=1)).window == timedelta(hours=1)
        assert backend.answers_late is False


class TestPayLink:
    def request(self, **changes):
        given = {
            "payment_id": "7d9f2c1e-0000-4000-8000-000000000001",
            "order_number": "A-17",
            "amount": Decimal(150_000),
            "currency": "UZS",
            "return_url": "https://shop.test/pay/return?o=A-17",
        }
        return StartRequest(**{**given, **changes})

    def test_it_is_that_of_the_example(self, backend):
        started = backend.start(self.request())

        assert started.redirect_url == (
            "https://my.click.uz/services/pay/?service_id=31337&merchant_id=777&amount=150000.00"
            "&transaction_param=A-17&return_url=https%3A%2F%2Fshop.test%2Fpay%2Freturn%3Fo%3DA-17"
        )
        assert (started.reference, started.client_secret) == ("", "")

    def test_without_a_way_back_none_is_named(self, backend):
        assert "return_url" not in backend.start(self.request(return_url="")).redirect_url

    def test_an_order_number_cannot_add_parameters(self, backend):
        url = backend.start(self.request(order_number="A&amount=1")).redirect_url

        assert "transaction_param=A%26amount%3D1&" in url

    def test_tiyin_are_always_written(self, backend):
        url = backend.start(self.request(amount=Decimal("1.5"))).redirect_url

        assert "&amount=1.50&" in url

    def test_the_page_may_be_elsewhere(self):
        backend = ClickBackend(**OPTIONS, pay_url="http://127.0.0.1:9/pay")

        url = backend.start(self.request()).redirect_url

        assert url.startswith("http://127.0.0.1:9/pay?service_id=31337&")

    def test_a_link_too_long_to_be_kept_is_refused(self, backend):
        with pytest.raises(ValueError, match="return_url"):
            backend.start(self.request(return_url="https://shop.test/" + "a" * 1900))

    def test_other_money_and_fractions_of_a_tiyin_are_refused(self, backend):
        with pytest.raises(ValueError, match="USD"):
            backend.start(self.request(currency="USD"))
        with pytest.raises(ValueError, match="minor unit"):
            backend.start(self.request(amount=Decimal("1.005")))


class TestReading:
    def test_a_prepare_opens(self, backend):
        event = backend.read_callback(callback(PREPARE))

        assert (event.kind, event.name) == ("open", "prepare")
        assert (event.order_number, event.reference, event.other_reference, event.serial) == (
            "A-17",
            "2147483648000",
            "9000000000001",
            0,
        )
        assert (event.amount, event.currency) == (Decimal("150000.00"), "UZS")
        assert event.at is None

    def test_a_complete_settles_by_this_very_call(self, backend):
        event = backend.read_callback(callback(COMPLETE))

        assert (event.kind, event.name, event.is_final) == ("settle", "complete", False)
        assert (event.order_number, event.reference, event.serial) == (
            "A-17",
            "2147483648000",
            9001,
        )
        assert (event.amount, event.currency) == (Decimal("150000.00"), "UZS")

    def test_an_error_of_click_closes_and_is_the_reason(self, backend):
        event = backend.read_callback(callback(resigned(error="-5017")))

        assert (event.kind, event.reason, event.serial) == ("close", "-5017", 9001)

    def test_a_prepare_may_fail_at_click_too(self, backend):
        event = backend.read_callback(callback(resigned(action="0", error="-5017")))

        assert (event.kind, event.reason) == ("close", "-5017")
        assert answered(backend, event, refusal="unknown_payment")["error"] == -9

    def test_ids_of_64_bits_stay_exact(self, backend):
        largest = 2**63 - 1
        event = backend.read_callback(callback(resigned(click_trans_id=largest)))

        assert event.reference == "9223372036854775807"
        told = backend.answer_callback(event, Outcome(payment=snapshot(serial=largest)))
        assert b'"click_trans_id": 9223372036854775807' in told.body
        assert b'"merchant_confirm_id": 9223372036854775807' in told.body

    def test_the_amount_is_signed_as_it_was_written(self, backend):
        assert refusal_of(backend, {**COMPLETE, "sign_string": WRONG})["error"] == -1
        assert refusal_of(backend, {**COMPLETE, "amount": "150000.0"})["error"] == -1
        rewritten = {**COMPLETE, "amount": "150000.0", "sign_string": WRONG}
        assert backend.read_callback(callback(rewritten)).amount == Decimal("150000.00")

    def test_a_digest_in_capitals_is_the_same(self, backend):
        shouted = {**PREPARE, "sign_string": PREPARE["sign_string"].upper()}

        assert backend.read_callback(callback(shouted)).kind == "open"

    @pytest.mark.parametrize("name", ["click_trans_id", "merchant_trans_id", "amount", "sign_time"])
    @pytest.mark.parametrize("fields", [PREPARE, COMPLETE])
    def test_every_signed_text_counts(self, backend, fields, name):
        changed = {**fields, name: fields[name][:-1] + "6"}

        assert refusal_of(backend, changed) == {
            "click_trans_id": int(changed["click_trans_id"]),
            "merchant_trans_id": changed["merchant_trans_id"],
            **({"merchant_confirm_id": None} if fields is COMPLETE else {}),
            "error": -1,
            "error_note": "SIGN CHECK FAILED!",
        }

    def test_the_prepare_id_and_the_action_are_signed(self, backend):
        assert refusal_of(backend, {**COMPLETE, "merchant_prepare_id": "9002"})["error"] == -1
        assert refusal_of(backend, {**COMPLETE, "action": "0"})["error"] == -1
        assert (
            refusal_of(backend, {**PREPARE, "action": "1", "merchant_prepare_id": "9001"})["error"]
            == -1
        )

    def test_a_prepare_that_names_a_prepare_id_is_signed_without_it(self, backend):
        event = backend.read_callback(callback({**PREPARE, "merchant_prepare_id": "0"}))

        assert (event.kind, event.serial) == ("open", 0)

    @pytest.mark.parametrize("digest", ["0" * 32, "x", "код", "0" * 100_000])
    def test_other_digests_are_refused(self, backend, digest):
        assert refusal_of(backend, {**PREPARE, "sign_string": digest})["error"] == -1

    def test_another_secret_is_refused(self):
        other = ClickBackend(**{**OPTIONS, "secret_key": "another"})

        assert refusal_of(other, PREPARE)["error"] == -1

    def test_another_service_is_refused_although_it_is_signed(self, backend):
        assert refusal_of(backend, resigned(service_id=31338))["error"] == -8
        # The texts run together: 4800031 of service 337 is signed alike.
        moved = {**PREPARE, "click_trans_id": "214748364800031", "service_id": "337"}
        assert refusal_of(backend, moved)["error"] == -8

    @pytest.mark.parametrize("action", ["2", "-1", "00", "pay"])
    def test_other_actions_are_not_found(self, backend, action):
        with_id = resigned(action=action)
        without_id = resigned(action=action, merchant_prepare_id=None)

        assert refusal_of(backend, with_id)["error"] == -3
        assert refusal_of(backend, without_id) == {
            "click_trans_id": TRANS,
            "merchant_trans_id": "A-17",
            "error": -3,
            "error_note": "Action not found",
        }

    @pytest.mark.parametrize(
        "name",
        ["click_trans_id", "service_id", "merchant_trans_id", "merchant_prepare_id", "amount",
         "action", "error", "sign_time", "sign_string"],
    )  # fmt: skip
    def test_a_complete_is_whole(self, backend, name):
        without = {key: value for key, value in COMPLETE.items() if key != name}

        assert refusal_of(backend, without)["error"] == -8
        assert refusal_of(backend, {**COMPLETE, name: ""})["error"] == -8

    def test_what_is_neither_signed_nor_needed_may_be_missing(self, backend):
        bare = {key: value for key, value in PREPARE.items() if not key.startswith("error")}
        del bare["click_paydoc_id"]

        event = backend.read_callback(callback(bare))

        assert (event.kind, event.other_reference) == ("open", "")

    def test_a_text_that_comes_twice_is_refused(self, backend):
        twice = urlencode(PREPARE).encode() + b"&amount=1.00"

        assert refusal_of(backend, twice)["error"] == -8

    @pytest.mark.parametrize(
        "body",
        [b"", b"{}", b"\xff\xfe", b"a=%ff", b"&" * 100, json.dumps(PREPARE).encode(),
         b"&".join(b"f%d=1" % n for n in range(100))],
    )  # fmt: skip
    def test_what_is_no_form_is_refused(self, backend, body):
        assert refusal_of(backend, body) == {
            "error": -8,
            "error_note": "Error in request from click",
        }

    def test_only_posts_are_read(self, backend):
        with pytest.raises(CallbackRefused):
            backend.read_callback(replace(callback(PREPARE), method="GET"))

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("click_trans_id", "0"),
            ("click_trans_id", "-5"),
            ("click_trans_id", "007"),
            ("click_trans_id", "1.5"),
            ("click_trans_id", "abc"),
            ("click_trans_id", "٣"),
            ("click_trans_id", str(2**63)),
            ("amount", "abc"),
            ("amount", "1e5"),
            ("amount", "NaN"),
            ("amount", "Infinity"),
            ("amount", " 150000.00"),
            ("amount", "150 000"),
            ("amount", "150000,00"),
            ("amount", "1" * 40),
            ("sign_time", "1767225600"),
            ("sign_time", "2026-11-20"),
            ("error", "no"),
            ("error", "1.5"),
            ("error", "5"),
            ("error", "-0"),
            ("error", "00"),
            ("error_note", "\x00"),
            ("merchant_trans_id", "A\x00"),
        ],
    )
    def test_signed_rubbish_is_an_error_of_click(self, backend, name, text):
        assert refusal_of(backend, resigned(**{name: text}))["error"] == -8

    def test_an_overlong_order_is_nobodys(self, backend):
        assert refusal_of(backend, resigned(merchant_trans_id="A" * 201))["error"] == -5

    @pytest.mark.parametrize("text", ["0", "-1", "09001", "9001.0", "x", str(2**63), "9" * 500])
    def test_a_prepare_id_of_nobody_finds_nothing(self, backend, text):
        event = backend.read_callback(callback(resigned(merchant_prepare_id=text)))

        assert event.serial == -1  # 0 would say that Click named none

    @pytest.mark.parametrize("text", ["x", "0", "", str(2**63)])
    def test_a_payment_number_that_is_none_is_left_out(self, backend, text):
        event = backend.read_callback(callback({**PREPARE, "click_paydoc_id": text}))

        assert event.other_reference == ""

    def test_the_same_news_has_one_id_and_other_news_another(self, backend):
        def id_of(**changes):
            return backend.read_callback(callback(resigned(**changes))).event_id

        first = id_of()
        assert id_of(sign_time="2026-11-20 12:31:00", error_note="again") == first
        others = {
            first,
            id_of(merchant_prepare_id="9002"),
            id_of(amount="300"),
            id_of(error="-5017"),
            id_of(merchant_trans_id="A-18"),
            id_of(click_trans_id=TRANS + 1),
            id_of(action="0"),
        }
        assert len(others) == 7
        assert all(len(one) <= 200 for one in others)

    def test_what_is_kept_is_named_and_has_no_digest(self, backend):
        noted = {**COMPLETE, "phone": "+998901234567", "error_note": "x" * 500}

        event = backend.read_callback(callback(noted))

        assert set(event.data) == set(COMPLETE) - {"sign_string"}
        assert len(event.data["error_note"]) == 200
        assert json.loads(json.dumps(event.data)) == event.data

    def test_digests_are_compared_in_constant_time(self):
        from shopkit.payments.backends.click import shop_api

        assert "hmac.compare_digest" in inspect.getsource(shop_api._is_signed)


class TestAnswering:
    @pytest.fixture
    def prepare(self, backend):
        return backend.read_callback(callback(PREPARE))

    @pytest.fixture
    def complete(self, backend):
        return backend.read_callback(callback(COMPLETE))

    @pytest.fixture
    def failed(self, backend):
        return backend.read_callback(callback(resigned(error="-5017")))

    @pytest.mark.parametrize("is_repeat", [False, True])
    def test_an_opened_transaction_gets_our_number_each_time(self, backend, prepare, is_repeat):
        assert answered(backend, prepare, payment=snapshot(), is_repeat=is_repeat) == {
            "click_trans_id": TRANS,
            "merchant_trans_id": "A-17",
            "merchant_prepare_id": 9001,
            "error": 0,
            "error_note": "Success",
        }

    @pytest.mark.parametrize(
        ("refusal", "status", "error", "note"),
        [
            ("unknown_order", None, -5, "User does not exist"),
            ("wrong_amount", None, -2, "Incorrect parameter amount"),
            ("wrong_currency", None, -2, "Incorrect parameter amount"),
            ("already_paid", None, -4, "Already paid"),
            ("not_payable", None, -9, "Transaction cancelled"),
            ("busy", None, -9, "Transaction cancelled"),
            ("overdue", "expired", -9, "Transaction cancelled"),
            ("closed", "cancelled", -9, "Transaction cancelled"),
            ("closed", "refunded", -9, "Transaction cancelled"),
            ("closed", "paid", -4, "Already paid"),
            ("closed", "partially_refunded", -4, "Already paid"),
        ],
    )
    def test_a_prepare_that_is_refused(self, backend, prepare, refusal, status, error, note):
        payment = status and snapshot(status=status)

        assert answered(backend, prepare, refusal=refusal, payment=payment) == {
            "click_trans_id": TRANS,
            "merchant_trans_id": "A-17",
            "error": error,
            "error_note": note,
        }

    def test_a_settled_payment_is_confirmed_and_afterwards_already_paid(self, backend, complete):
        payment = snapshot(status="paid")

        assert answered(backend, complete, payment=payment) == {
            "click_trans_id": TRANS,
            "merchant_trans_id": "A-17",
            "merchant_confirm_id": 9001,
            "error": 0,
            "error_note": "Success",
        }
        assert answered(backend, complete, payment=payment, is_repeat=True) == {
            "click_trans_id": TRANS,
            "merchant_trans_id": "A-17",
            "merchant_confirm_id": None,
            "error": -4,
            "error_note": "Already paid",
        }

    @pytest.mark.parametrize(
        ("refusal", "status", "error"),
        [
            ("unknown_order", None, -5),
            ("unknown_payment", None, -6),
            ("wrong_reference", "pending", -6),
            ("wrong_amount", "pending", -2),
            ("wrong_currency", "pending", -2),
            ("closed", "cancelled", -9),
            ("overdue", "expired", -9),
            ("not_payable", "cancelled", -9),
            # Of another payment: -4 would tell Click that we have had this money.
            ("already_paid", "cancelled", -9),
            ("already_paid", "paid", -4),
        ],
    )
    def test_a_complete_that_is_refused(self, backend, complete, refusal, status, error):
        payment = status and snapshot(status=status)

        told = answered(backend, complete, refusal=refusal, payment=payment)

        assert (told["error"], told["merchant_confirm_id"]) == (error, None)

    @pytest.mark.parametrize(
        ("outcome", "error"),
        [
            ({}, -9),
            ({"is_repeat": True}, -9),
            ({"refusal": "already_paid", "payment": snapshot(status="paid")}, -9),
            ({"refusal": "unknown_order"}, -5),
            ({"refusal": "unknown_payment"}, -6),
            ({"refusal": "wrong_reference"}, -6),
            ({"refusal": "wrong_amount"}, -2),
        ],
    )
    def test_an_error_of_click_is_answered_with_cancelled(self, backend, failed, outcome, error):
        assert answered(backend, failed, **outcome)["error"] == error

    def test_our_own_failure_lets_click_ask_again(self, backend):
        answer = backend.refuse_callback(callback(COMPLETE))

        assert (answer.status, json.loads(answer.body)) == (
            503,
            {"error": -7, "error_note": "Failed to update user"},
        )


class TestLookingUp:
    @pytest.fixture
    def backend(self, merchant):
        return ClickBackend(**merchant.options)

    def test_the_header_is_that_of_the_vector(self, merchant, monkeypatch):
        backend = ClickBackend(**OPTIONS, merchant_user_id=4242)
        monkeypatch.setattr("time.time", lambda: 1767225600.9)

        assert backend._api._headers() == {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Auth": "4242:259fd8b7a01e18435daec4653a3f8672c55a8b68:1767225600",
        }

    def test_money_that_was_taken_is_found(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20")

        (event,) = backend.look_up(snapshot())

        assert (event.kind, event.is_final, event.amount) == ("settle", True, None)
        assert (event.payment_id, event.reference, event.serial) == (
            snapshot().payment_id,
            str(TRANS),
            9001,
        )
        assert merchant.calls == ["GET /payment/status_by_mti/31337/A-17/2026-11-20"]

    @pytest.mark.parametrize("status", [0, 1])
    def test_what_is_under_way_is_no_news(self, backend, merchant, status):
        merchant.record(ATTEMPT, day="2026-11-20", status=status)

        assert backend.look_up(snapshot()) == ()

    def test_what_click_cancelled_is_closed(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20", status=-99)

        (event,) = backend.look_up(snapshot())

        assert (event.kind, event.reason, event.reference) == ("close", "-99", str(TRANS))
        assert [one.kind for one in backend.close(snapshot())] == ["close"]

    def test_a_day_begins_in_tashkent(self, backend, merchant):
        late = datetime(2026, 11, 20, 19, 0, tzinfo=timezone.utc)

        backend.look_up(snapshot(created_at=late - timedelta(seconds=1), opened_at=late))

        assert merchant.calls[:2] == [
            "GET /payment/status_by_mti/31337/A-17/2026-11-20",
            "GET /payment/status_by_mti/31337/A-17/2026-11-21",
        ]

    def test_another_payment_of_the_order_is_not_taken_for_this(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20", status=1)
        merchant.record(Attempt("A-17", "150000.00"), day="2026-11-20", status=2)

        assert backend.look_up(snapshot()) == ()
        assert merchant.calls[-1] == "GET /payment/status/31337/9000000000001"

    def test_an_order_number_stays_one_part_of_the_path(self, backend, merchant):
        backend.look_up(snapshot(order_number="A/../1?x", other_reference=""))

        assert merchant.calls == ["GET /payment/status_by_mti/31337/A%2F..%2F1%3Fx/2026-11-20"]

    def test_nothing_is_asked_that_click_cannot_know(self, backend, merchant):
        assert backend.look_up(snapshot(reference="", serial=0)) == ()
        assert ClickBackend(**OPTIONS).look_up(snapshot()) == ()
        assert ClickBackend(**OPTIONS).close(snapshot()) == ()
        assert merchant.calls == []

    def test_a_wrong_secret_is_an_error_and_no_answer(self, merchant):
        merchant.record(ATTEMPT, day="2026-11-20")
        backend = ClickBackend(**{**merchant.options, "secret_key": "another"})

        with pytest.raises(BackendError):
            backend.look_up(snapshot())

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (500, {"error_code": 0, "payment_status": 2}),
            (502, b"<html>"),
            (200, b""),
            (200, {}),
            (200, {"error_code": True}),
            (200, {"error_code": "no"}),
            (302, b""),
        ],
    )
    def test_rubbish_is_an_error(self, backend, merchant, status, body):
        merchant.next(status, body)

        with pytest.raises(BackendError):
            backend.look_up(snapshot())
        assert len(merchant.calls) == 1

    def test_silence_is_an_error(self, merchant):
        merchant.silence = 5
        backend = ClickBackend(**merchant.options, timeout=0.2)

        with pytest.raises(http.OutcomeUnknown):
            backend.look_up(snapshot())

    def test_numbers_may_come_as_text(self, backend, merchant):
        said = {"error_code": "0", "payment_id": "9000000000001", "payment_status": "2"}
        merchant.next(200, said)

        assert [event.kind for event in backend.look_up(snapshot())] == ["settle"]

    def test_a_status_beside_an_error_is_not_believed(self, backend, merchant):
        said = {"error_code": -5, "payment_id": 9000000000001, "payment_status": 2}
        merchant.next(200, said)
        merchant.next(200, said)

        assert backend.look_up(snapshot()) == ()

    def test_a_status_that_is_left_out_is_asked_for(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20")
        merchant.next(200, {"error_code": 0, "payment_id": 9000000000001})

        assert [event.kind for event in backend.look_up(snapshot())] == ["settle"]
        assert len(merchant.calls) == 2


class TestRefunds:
    @pytest.fixture
    def backend(self, merchant):
        return ClickBackend(**merchant.options)

    def request(self, amount="150000", **changes):
        paid = snapshot(status="paid", captured=Decimal(150_000), **changes)
        return RefundRequest(refund_id="r-1", payment=paid, amount=Decimal(amount), currency="UZS")

    def reversals(self, merchant):
        return [call for call in merchant.calls if call.startswith("DELETE")]

    def test_the_whole_payment_is_reversed(self, backend, merchant):
        known = merchant.record(ATTEMPT, day="2026-11-20")

        refunded = backend.refund(self.request())

        assert (refunded.status, refunded.reference) == ("succeeded", "9000000000001")
        assert self.reversals(merchant) == ["DELETE /payment/reversal/31337/9000000000001"]
        assert known.status < 0

    def test_it_is_reversed_once(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20")
        backend.refund(self.request())

        assert backend.refund(self.request()).status == "succeeded"
        assert len(self.reversals(merchant)) == 1

    def test_an_answer_that_is_lost_is_found_out_by_asking_again(self, merchant):
        merchant.record(ATTEMPT, day="2026-11-20")
        impatient = ClickBackend(**merchant.options, timeout=0.4)

        class Slow(FakeClickMerchant):
            def silence_after(self, request):
                return 5 if request.method == "DELETE" else 0

        merchant.__class__ = Slow
        with pytest.raises(http.OutcomeUnknown):
            impatient.refund(self.request())

        assert impatient.refund(self.request()).status == "succeeded"
        assert len(self.reversals(merchant)) == 1

    def test_a_part_goes_back_by_hand(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20")

        with pytest.raises(Unsupported):
            backend.refund(self.request("149999.99"))
        assert merchant.calls == []

    def test_without_the_merchant_api_it_goes_back_by_hand(self):
        with pytest.raises(Unsupported):
            ClickBackend(**OPTIONS).refund(self.request())

    def test_what_click_declines_goes_back_by_hand(self, backend, merchant):
        known = merchant.record(ATTEMPT, day="2026-11-20")
        merchant.declines = -514

        with pytest.raises(Unsupported) as refused:
            backend.refund(self.request())

        assert refused.value.details == {"gateway_code": -514}
        assert known.status == 2

    def test_what_click_does_not_know_goes_back_by_hand(self, backend, merchant):
        with pytest.raises(Unsupported):
            backend.refund(self.request())
        assert self.reversals(merchant) == []

    def test_what_is_under_way_is_tried_later(self, backend, merchant):
        merchant.record(ATTEMPT, day="2026-11-20", status=1)

        with pytest.raises(BackendError):
            backend.refund(self.request())
        assert self.reversals(merchant) == []

    def test_another_payment_of_the_order_is_left_alone(self, backend, merchant):
        mine = merchant.record(ATTEMPT, day="2026-11-20")
        other = merchant.record(Attempt("A-17", "150000.00"), day="2026-11-20")

        backend.refund(self.request())

        assert (mine.status < 0, other.status) == (True, 2)

    @pytest.mark.parametrize("status", [500, 503])
    def test_a_failure_of_click_is_not_known_to_have_given_nothing(self, backend, merchant, status):
        merchant.record(ATTEMPT, day="2026-11-20")
        merchant.next(200, {"error_code": 0, "payment_id": 9000000000001, "payment_status": 2})
        merchant.next(status, {"error_code": -1})

        with pytest.raises(BackendError):
            backend.refund(self.request())


def test_nothing_secret_is_logged_raised_or_shown(merchant, caplog):
    backend = ClickBackend(**merchant.options)
    merchant.next(500, {"error_note": "secret of the gateway"})
    told = ""
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(BackendError) as broken:
            backend.look_up(snapshot())
        with pytest.raises(CallbackRefused) as refused:
            backend.read_callback(callback({**PREPARE, "sign_string": WRONG}))
        with pytest.raises(ValueError, match="service_id") as unbuilt:
            ClickBackend(**{**OPTIONS, "service_id": "x"})
        backend.look_up(snapshot())

    for failure in (broken, refused, unbuilt):
        told += f"{failure.value!r} {vars(failure.value)}"
    told += caplog.text + repr(backend)
    right = "dc4fe9d2c5762b156b75b6c9774d6fc1"
    for secret in (SECRET, right, "Auth", "secret of the gateway"):
        assert secret not in told
