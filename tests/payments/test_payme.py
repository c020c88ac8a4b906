"""Payme's words in, events out; outcomes in, Payme's words out. No shop behind it."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_backend
from shopkit.payments.backends.base import (
    Callback,
    Line,
    Outcome,
    PaymentBackend,
    RefundRequest,
    Snapshot,
    StartRequest,
)
from shopkit.payments.backends.payme import PaymeBackend
from shopkit.payments.backends.payme.backend import checkout_link
from shopkit.payments.backends.payme.words import shares
from shopkit.payments.checks import check_moves_money
from shopkit.payments.errors import CallbackRefused, Unsupported
from shopkit.payments.testing import PaymentBackendContract

KEY = "Made-Up-Payme-Key-000000000000000036"
HEADER = "Basic UGF5Y29tOk1hZGUtVXAtUGF5bWUtS2V5LTAwMDAwMDAwMDAwMDAwMDAzNg=="
TRANSACTION = "5305e3bab097f420a62ced0b"
OPENED = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=timezone.utc)
PAYMENT = Snapshot(
    payment_id="7d9f2c1e-0000-4000-8000-000000000001",
    order_number="7K3M9-QX2TD",
    amount=Decimal("150000.00"),
    currency="UZS",
    status="pending",
    serial=17,
    reference=TRANSACTION,
    gateway_time=1_795_262_399_000,
    opened_at=OPENED,
)
PAID = replace(PAYMENT, status="paid", captured=PAYMENT.amount, paid_at=OPENED + timedelta(hours=1))
LATER = OPENED + timedelta(hours=2)
GIVEN_BACK = replace(PAID, status="refunded", refunded=PAID.amount, closed_at=LATER, reason="5")
CLOSED = replace(PAYMENT, status="cancelled", closed_at=LATER, reason="3")
OPENED_MS, PAID_MS, CLOSED_MS = 1_795_262_400_123, 1_795_266_000_123, 1_795_269_600_123
REQUEST = StartRequest(
    payment_id=PAYMENT.payment_id, order_number="A-17", amount=Decimal("150000.00"), currency="UZS"
)


def backend_with(**options):
    return PaymeBackend(**{"merchant_id": "a" * 24, "key": KEY, **options})


@pytest.fixture
def payme():
    return backend_with()


class TestPaymeBackend(PaymentBackendContract):
    """Payme keeps the contract of all gateways."""

    @pytest.fixture
    def backend(self):
        return backend_with()

    @pytest.fixture
    def callback(self):
        return callback(said("PerformTransaction", id=TRANSACTION))

    @pytest.fixture
    def altered(self, callback):
        return [
            replace(
                callback,
                headers={
                    **callback.headers,
                    "authorization": HEADER[:i] + chr(ord(HEADER[i]) ^ 1) + HEADER[i + 1 :],
                },
            )
            for i in range(6, len(HEADER))
        ]

    @pytest.fixture
    def paid(self):
        return PAID


def said(method, *, id_=7, **params):
    return json.dumps({"method": method, "params": params, "id": id_}).encode()


def callback(body=b"", *, header=HEADER, method="POST", address=""):
    headers = {"authorization": header, "content-type": "text/json; charset=UTF-8"}
    return Callback(method=method, headers=headers, body=body, address=address)


def read(payme, method, **params):
    return payme.read_callback(callback(said(method, **params)))


def error_of(answer):
    assert (answer.status, answer.content_type) == (200, "application/json; charset=utf-8")
    shown = json.loads(answer.body)
    assert set(shown) == {"error", "id"}
    assert set(shown["error"]["message"]) == {"ru", "uz", "en"}
    return shown["error"]["code"], shown["error"]["data"], shown["id"]


def refused(payme, call):
    with pytest.raises(CallbackRefused) as caught:
        payme.read_callback(call)
    return error_of(caught.value.answer)


def answer(payme, event, **outcome):
    found = payme.answer_callback(event, Outcome(**outcome))
    assert found.status == 200
    shown = json.loads(found.body)
    assert shown["id"] == event.request
    return shown["result"] if "result" in shown else error_of(found)[:2]


OPENING = {
    "id": TRANSACTION,
    "time": 1_795_262_399_000,
    "amount": 15_000_000,
    "account": {"order_id": "7K3M9-QX2TD"},
}


# The till and its options.


def test_it_is_not_built_without_a_secret():
    with pytest.raises(ValueError, match="key must not be empty"):
        backend_with(key="")
    spec = {
        "BACKEND": "shopkit.payments.backends.payme.PaymeBackend",
        "OPTIONS": {"merchant_id": "a", "key": ""},
    }
    with pytest.raises(ImproperlyConfigured, match="key must not be empty"):
        load_backend(spec, base=PaymentBackend)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("merchant_id", ""),
        ("merchant_id", "a;a=1"),
        ("account", ""),
        ("account", "order;id"),
        ("busy_code", -31049),
        ("busy_code", -31100),
        ("allowed_addresses", "185.234.113.0/28"),
        ("allowed_addresses", ["185.234.113.1/28"]),
        ("allowed_addresses", ["payme.uz"]),
    ],
)
def test_it_is_not_built_with_a_wrong_option(option, value):
    with pytest.raises(ValueError, match=r"\w"):
        backend_with(**{option: value})


def test_money_is_not_given_back_by_a_program(payme):
    request = RefundRequest(refund_id="1", payment=PAID, amount=PAID.amount, currency="UZS")
    with pytest.raises(Unsupported):
        payme.refund(request)


# The link.


def test_the_link_of_the_page_in_the_protocol(payme):
    started = payme.start(
        replace(REQUEST, language="uz", return_url="https://shop.test/pay/return?o=A-17")
    )
    assert started.redirect_url == (
        "https://checkout.paycom.uz/bT1hYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE7YWMub3JkZXJfaWQ9QS0xNzth"
        "PTE1MDAwMDAwO2w9dXo7Yz1odHRwczovL3Nob3AudGVzdC9wYXkvcmV0dXJuP289QS0xNztjdD0xNTAwMDtjcj04"
        "NjA="
    )
    assert (started.reference, started.client_secret) == ("", "")


def test_the_link_that_payme_prints_itself():
    pairs = {"m": "587f72c72cac0d162c722ae2", "ac.order_id": "197", "a": "500"}
    assert checkout_link("https://checkout.paycom.uz", pairs) == (
        "https://checkout.paycom.uz/"
        "bT01ODdmNzJjNzJjYWMwZDE2MmM3MjJhZTI7YWMub3JkZXJfaWQ9MTk3O2E9NTAw"
    )


def pairs_of(url):
    page, _, packed = url.rpartition("/")
    return page, dict(pair.split("=", 1) for pair in base64.b64decode(packed).decode().split(";"))


@pytest.mark.parametrize(
    ("language", "sent"),
    [("uz", "uz"), ("ru-ru", "ru"), ("en-GB", "en"), ("kaa", "uz"), ("de", None), ("", None)],
)
def test_the_page_speaks_the_customers_language(payme, language, sent):
    _, pairs = pairs_of(payme.start(replace(REQUEST, language=language)).redirect_url)
    expected = {"m": "a" * 24, "ac.order_id": "A-17", "a": "15000000", "cr": "860"}
    assert pairs == (expected | {"l": sent} if sent else expected)


def test_the_sandbox_has_a_page_of_its_own():
    test = backend_with(is_test=True, account="invoice")
    assert (test.is_live, backend_with().is_live) == (False, True)
    assert (test.for_development, backend_with().for_development) == (True, False)
    page, pairs = pairs_of(test.start(REQUEST).redirect_url)
    assert (page, pairs["ac.invoice"]) == ("https://test.paycom.uz", "A-17")
    other = backend_with(checkout_url="http://127.0.0.1:8000/payme/")
    assert other.start(REQUEST).redirect_url.startswith("http://127.0.0.1:8000/payme/bT1h")


@pytest.mark.parametrize("name", ["order_number", "return_url"])
def test_what_the_link_cannot_escape_is_refused(payme, name):
    with pytest.raises(ValueError, match="cannot escape"):
        payme.start(replace(REQUEST, **{name: "https://shop.test/?a=1;a=500"}))


def test_a_link_that_no_browser_keeps_is_refused(payme):
    with pytest.raises(ValueError, match="too long"):
        payme.start(replace(REQUEST, return_url=f"https://shop.test/{'x' * 2000}"))


def test_only_soms(payme):
    with pytest.raises(ValueError, match="USD is not taken here"):
        payme.start(replace(REQUEST, currency="USD"))
    with pytest.raises(ValueError, match="finer than the minor unit"):
        payme.start(replace(REQUEST, amount=Decimal("0.001")))


# Who calls.


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ?",
        "Basic ключ",
        HEADER.replace("Basic", "Bearer"),
        HEADER[:-4],
        "Basic " + base64.b64encode(f"paycom:{KEY}".encode()).decode(),
        "Basic " + base64.b64encode(f"Paycom:{KEY} ".encode()).decode(),
        "Basic " + base64.b64encode(f"x:Paycom:{KEY}".encode()).decode(),
        "Basic " + base64.b64encode(b"Paycom:").decode(),
        "Basic " + base64.b64encode(KEY.encode()).decode(),
    ],
)
def test_who_does_not_hold_the_key_hears_nothing_else(payme, header):
    for body in (said("CheckTransaction", id=TRANSACTION), b"{", b""):
        code, data, id_ = refused(payme, callback(body, header=header))
        assert (code, data, id_) == (-32504, None, 7 if len(body) > 1 else None)
    assert refused(payme, callback(method="GET", header=header))[0] == -32504


def test_the_scheme_is_read_as_http_has_it(payme):
    body = said("CheckTransaction", id=TRANSACTION)
    assert payme.read_callback(callback(body, header=HEADER.replace("Basic", "basic")))


@pytest.mark.parametrize(
    ("address", "is_let_in"),
    [
        ("185.234.113.1", True),
        ("185.234.113.15", True),
        ("::ffff:185.234.113.7", True),
        ("185.234.113.16", False),
        ("127.0.0.1", False),
        ("2001:db8::/64", False),
        ("", False),
    ],
)
def test_only_from_the_addresses_that_are_allowed(address, is_let_in):
    guarded = backend_with(allowed_addresses=["185.234.113.0/28"])
    call = callback(said("CheckTransaction", id=TRANSACTION), address=address)
    if is_let_in:
        assert guarded.read_callback(call).kind == "query"
    else:
        assert refused(guarded, call) == (-32504, None, 7)


# Calls that make no sense.


def test_only_post(payme):
    assert refused(payme, callback(method="GET")) == (-32300, None, None)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\x00", b"[" * 200_000, b'{"a":' * 50_000, b"NaN", b'{"id": Infinity}',
     b'{"id": 1' + b"0" * 5000 + b"}"],
)  # fmt: skip
def test_a_body_that_is_not_json(payme, body):
    assert refused(payme, callback(body))[0] == -32700


WHOLE = {"method": "CheckTransaction", "params": {"id": TRANSACTION}, "id": 7}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"method": None}, "method"),
        ({"method": 1}, "method"),
        ({"params": None}, "params"),
        ({"params": []}, "params"),
        ({"params": "id"}, "params"),
        ({"id": None}, "id"),
        ({"id": True}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": {}}, "id"),
    ],
)
def test_a_call_without_its_members(payme, change, named):
    code, data, _ = refused(payme, callback(json.dumps(WHOLE | change).encode()))
    assert (code, data) == (-32600, named)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"', b'[{"method": "x"}]'])
def test_json_that_is_no_call(payme, body):
    assert refused(payme, callback(body)) == (-32600, None, None)


def test_the_member_jsonrpc_may_be_there(payme):
    body = json.dumps(WHOLE | {"jsonrpc": "2.0", "id": "seven"}).encode()
    assert payme.read_callback(callback(body)).request == "seven"


@pytest.mark.parametrize("name", ["ChangePassword", "checktransaction", "", "__init__", "\ud800"])
def test_a_method_that_is_none_is_named(payme, name):
    assert refused(payme, callback(said(name))) == (-32601, name, 7)


@pytest.mark.parametrize(
    ("method", "params", "named"),
    [
        *(
            (method, {**OPENING, "amount": amount}, "amount")
            for method in ("CheckPerformTransaction", "CreateTransaction")
            for amount in ("15000000", 15000000.0, True, None, [])
        ),
        *(
            ("CreateTransaction", {**OPENING, "account": account}, "account")
            for account in (None, [], "7K3M9-QX2TD", 7)
        ),
        *(
            ("CreateTransaction", {**OPENING, "time": moment}, "time")
            for moment in (None, "1", 1.0, True, -1, 10**14, 10**30)
        ),
        *(
            (method, {**OPENING, "reason": 3, "id": id_}, "id")
            for method in (
                "CreateTransaction", "PerformTransaction", "CancelTransaction", "CheckTransaction",
            )
            for id_ in (None, "", 1, [], "\x00", "\ud800", "x" * 101)
        ),
        *(
            ("CancelTransaction", {"id": TRANSACTION, "reason": reason}, "reason")
            for reason in (None, "3", 3.0, True, 10**7)
        ),
        ("GetStatement", {"to": 1}, "from"),
        ("GetStatement", {"from": 1}, "to"),
        ("GetStatement", {"from": 1, "to": "2"}, "to"),
    ],
)  # fmt: skip
def test_params_of_the_wrong_type(payme, method, params, named):
    assert refused(payme, callback(said(method, **params))) == (-32600, named, 7)


# What each call says.


def test_check_asks(payme):
    event = read(payme, "CheckPerformTransaction", **{k: OPENING[k] for k in ("amount", "account")})
    assert (event.kind, event.order_number, event.reference) == ("check", "7K3M9-QX2TD", "")
    assert (event.amount, event.currency, event.request) == (Decimal("150000.00"), "UZS", 7)
    assert event.event_id == "CheckPerformTransaction:7K3M9-QX2TD"


def test_create_opens(payme):
    event = read(payme, "CreateTransaction", **OPENING)
    assert (event.kind, event.name) == ("open", "CreateTransaction")
    assert (event.order_number, event.reference) == ("7K3M9-QX2TD", TRANSACTION)
    assert (event.amount, event.at) == (Decimal("150000.00"), 1_795_262_399_000)
    assert event.event_id == f"CreateTransaction:{TRANSACTION}"
    assert event.data == {
        "amount": "15000000",
        "account": {"order_id": "7K3M9-QX2TD"},
        "time": 1_795_262_399_000,
    }


@pytest.mark.parametrize(
    "number", [None, 17, True, "", [], {}, "\x00", "A\ud800", "line\nbreak", "x" * 101]
)
def test_a_number_that_no_order_can_have_is_none(payme, number):
    event = read(payme, "CreateTransaction", **{**OPENING, "account": {"order_id": number}})
    assert event.order_number == ""
    assert event.data["account"] == {"order_id": ""}
    assert read(payme, "CreateTransaction", **{**OPENING, "account": {}}).order_number == ""


def test_what_else_stands_in_the_account_is_not_kept(payme):
    account = {"order_id": "7K3M9-QX2TD", "phone": "+998901234567"}
    event = read(payme, "CreateTransaction", **{**OPENING, "account": account})
    assert "998901234567" not in str(event.data)


@pytest.mark.parametrize("amount", [-1, -15_000_000, 10**17, 10**30, 10**4000])
def test_an_amount_that_no_order_has_is_none(payme, amount):
    event = read(payme, "CreateTransaction", **{**OPENING, "amount": amount})
    assert event.amount == Decimal("-0.01")


def test_perform_settles_by_this_call(payme):
    event = read(payme, "PerformTransaction", id=TRANSACTION)
    assert (event.kind, event.reference, event.is_final) == ("settle", TRANSACTION, False)
    assert event.event_id == f"PerformTransaction:{TRANSACTION}"


@pytest.mark.parametrize(
    ("reason", "kept", "outcome"),
    [
        (1, "1", "cancelled"),
        (5, "5", "cancelled"),
        (4, "timeout", "expired"),
        (77, "77", "cancelled"),
    ],
)
def test_cancel_says_why(payme, reason, kept, outcome):
    event = read(payme, "CancelTransaction", id=TRANSACTION, reason=reason)
    assert (event.kind, event.reference) == ("cancel", TRANSACTION)
    assert (event.reason, event.outcome) == (kept, outcome)
    assert event.event_id == f"CancelTransaction:{TRANSACTION}:{reason}"


def test_questions(payme):
    event = read(payme, "CheckTransaction", id=TRANSACTION)
    assert (event.kind, event.reference) == ("query", TRANSACTION)
    event = read(payme, "GetStatement", **{"from": 5, "to": 9})
    assert (event.kind, event.since, event.until) == ("statement", 5, 9)


FISCAL = {
    "receipt_id": 121,
    "status_code": 0,
    "message": "accepted\x00",
    "terminal_id": "EP000000000025",
    "fiscal_sign": "800031554082",
    "qr_code_url": "https://ofd.example/check?r=121",
    "date": "20261121120000",
    "password": "secret",
}


def fiscal(payme, type_="PERFORM", **changes):
    params = {"id": TRANSACTION, "type": type_, "fiscal_data": {**FISCAL, **changes}}
    return read(payme, "SetFiscalData", **params)


def test_the_fiscal_receipt(payme):
    event = fiscal(payme)
    assert (event.kind, event.reference) == ("receipt", TRANSACTION)
    assert event.receipt == {
        "kind": "payment",
        "receipt_id": "121",
        "status_code": 0,
        "message": "accepted",
        "terminal_id": "EP000000000025",
        "fiscal_sign": "800031554082",
        "qr_code_url": "https://ofd.example/check?r=121",
        "date": "20261121120000",
    }
    assert "secret" not in str(event.data)
    assert fiscal(payme, "CANCEL").receipt["kind"] == "refund"
    assert fiscal(payme).event_id == event.event_id
    assert fiscal(payme, receipt_id=122).event_id != event.event_id
    assert len(event.event_id) <= 200
    assert "fiscal_sign" not in fiscal(payme, fiscal_sign=None, qr_code_url="").receipt
    assert len(fiscal(payme, message="x" * 5000).receipt["message"]) == 500


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"id": TRANSACTION, "type": "SALE", "fiscal_data": {}}, "type"),
        ({"id": TRANSACTION, "type": [], "fiscal_data": {}}, "type"),
        ({"id": TRANSACTION, "fiscal_data": {}}, "type"),
        ({"id": TRANSACTION, "type": "PERFORM"}, "fiscal_data"),
        ({"id": TRANSACTION, "type": "PERFORM", "fiscal_data": []}, "fiscal_data"),
        ({"id": 7, "type": "PERFORM", "fiscal_data": {}}, "id"),
        *(
            ({"id": TRANSACTION, "type": "PERFORM", "fiscal_data": {name: value}}, name)
            for name, value in (
                ("receipt_id", 1.5), ("receipt_id", True), ("message", {}), ("status_code", "0"),
                ("status_code", True), ("qr_code_url", "javascript:alert(1)"), ("qr_code_url", "x"),
            )
        ),
    ],
)  # fmt: skip
def test_fiscal_data_that_are_wrong(payme, params, named):
    assert refused(payme, callback(said("SetFiscalData", **params))) == (-32602, named, 7)


# What is answered.

CREATE = ("CreateTransaction", OPENING)
PERFORM = ("PerformTransaction", {"id": TRANSACTION})
CANCEL = ("CancelTransaction", {"id": TRANSACTION, "reason": 3})
QUERY = ("CheckTransaction", {"id": TRANSACTION})
CHECK = ("CheckPerformTransaction", {name: OPENING[name] for name in ("amount", "account")})
RECEIPT = ("SetFiscalData", {"id": TRANSACTION, "type": "PERFORM", "fiscal_data": FISCAL})
STATEMENT = ("GetStatement", {"from": 1, "to": 2})


@pytest.mark.parametrize("is_repeat", [False, True])
@pytest.mark.parametrize(
    ("call", "payment", "expected"),
    [
        (CREATE, PAYMENT, {"create_time": OPENED_MS, "state": 1}),
        (PERFORM, PAID, {"perform_time": PAID_MS, "state": 2}),
        (CANCEL, CLOSED, {"cancel_time": CLOSED_MS, "state": -1}),
        (CANCEL, GIVEN_BACK, {"cancel_time": CLOSED_MS, "state": -2}),
    ],
)
def test_results_come_from_what_is_stored(payme, call, payment, expected, is_repeat):
    event = read(payme, call[0], **call[1])
    found = answer(payme, event, payment=payment, is_repeat=is_repeat)
    assert found == expected | {"transaction": PAYMENT.payment_id}
    assert all(type(found[name]) is int for name in expected)


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        (PAYMENT, (1, 0, 0, None)),
        (replace(PAYMENT, status="authorized"), (1, 0, 0, None)),
        (PAID, (2, PAID_MS, 0, None)),
        (replace(PAID, status="partially_refunded", closed_at=LATER), (2, PAID_MS, 0, None)),
        (CLOSED, (-1, 0, CLOSED_MS, 3)),
        (GIVEN_BACK, (-2, PAID_MS, CLOSED_MS, 5)),
        (replace(GIVEN_BACK, reason="staff"), (-2, PAID_MS, CLOSED_MS, 5)),
        (replace(CLOSED, status="expired", reason="timeout"), (-1, 0, CLOSED_MS, 4)),
        (replace(CLOSED, status="cancelled", reason="timeout"), (-1, 0, CLOSED_MS, 4)),
        (replace(CLOSED, status="expired", reason=""), (-1, 0, CLOSED_MS, 4)),
        (replace(CLOSED, reason="order cancelled"), (-1, 0, CLOSED_MS, 10)),
        (replace(CLOSED, reason="²"), (-1, 0, CLOSED_MS, 10)),
        (replace(CLOSED, status="failed", reason="-7"), (-1, 0, CLOSED_MS, -7)),
    ],
)
def test_states_times_and_reasons(payme, payment, expected):
    found = answer(payme, read(payme, *QUERY[:1], **QUERY[1]), payment=payment)
    assert found == {
        "create_time": OPENED_MS,
        "perform_time": expected[1],
        "cancel_time": expected[2],
        "transaction": PAYMENT.payment_id,
        "state": expected[0],
        "reason": expected[3],
    }


def test_the_statement(payme):
    event = read(payme, STATEMENT[0], **STATEMENT[1])
    found = answer(payme, event, payments=[PAID, CLOSED])
    assert [one["state"] for one in found["transactions"]] == [2, -1]
    assert found["transactions"][0] == {
        "id": TRANSACTION,
        "time": 1_795_262_399_000,
        "amount": 15_000_000,
        "account": {"order_id": "7K3M9-QX2TD"},
        "create_time": OPENED_MS,
        "perform_time": PAID_MS,
        "cancel_time": 0,
        "transaction": PAYMENT.payment_id,
        "state": 2,
        "reason": None,
        "receivers": None,
    }
    assert answer(payme, event) == {"transactions": []}


@pytest.mark.parametrize(
    ("call", "refusal", "code", "data"),
    [
        *(
            (call, refusal, code, data)
            for call in (CHECK, CREATE)
            for refusal, code, data in (
                ("unknown_order", -31050, "order_id"),
                ("not_payable", -31051, "order_id"),
                ("already_paid", -31052, "order_id"),
                ("busy", -31050, "order_id"),
                ("wrong_amount", -31001, None),
                ("wrong_currency", -31001, None),
                ("overdue", -31008, None),
            )
        ),
        (CREATE, "closed", -31008, None),
        *(
            (PERFORM, refusal, -31008, None)
            for refusal in ("closed", "overdue", "already_paid", "not_payable", "unknown_order")
        ),
        *((call, "unknown_payment", -31003, None) for call in (PERFORM, CANCEL, QUERY)),
        (CANCEL, "not_refundable", -31007, None),
        (RECEIPT, "unknown_payment", -32001, None),
    ],
)
def test_refusals(payme, call, refusal, code, data):
    event = read(payme, call[0], **call[1])
    assert answer(payme, event, refusal=refusal) == (code, data)
    assert answer(payme, event, refusal=refusal, payment=CLOSED) == (code, data)


def test_the_code_for_a_busy_order_is_the_sites():
    event = read(backend_with(), CREATE[0], **CREATE[1])
    assert answer(backend_with(busy_code=-31099), event, refusal="busy") == (-31099, "order_id")
    assert answer(backend_with(busy_code=-31008), event, refusal="busy") == (-31008, None)
    assert answer(backend_with(account="invoice"), event, refusal="busy") == (-31050, "invoice")


@pytest.mark.parametrize(
    ("call", "payment"),
    [
        *((CREATE, payment) for payment in (PAID, CLOSED, GIVEN_BACK)),
        *((PERFORM, payment) for payment in (PAYMENT, CLOSED, GIVEN_BACK)),
        *((CANCEL, payment) for payment in (PAYMENT, PAID)),
    ],
)
def test_no_result_tells_another_state_than_it_means(payme, call, payment):
    event = read(payme, call[0], **call[1])
    assert answer(payme, event, payment=payment, is_repeat=True) == (-31008, None)


@pytest.mark.parametrize("call", [CREATE, PERFORM, CANCEL, QUERY])
def test_no_result_tells_of_a_payment_that_is_none(payme, call):
    assert answer(payme, read(payme, call[0], **call[1])) == (-31003, None)


def test_a_failure_of_ours_is_said_with_200(payme):
    assert error_of(payme.refuse_callback(callback(said(*QUERY[:1])))) == (-32400, None, 7)
    assert error_of(payme.refuse_callback(callback(b"[" * 200_000))) == (-32400, None, None)


# The lines of the fiscal receipt.

CUP = Line(
    title="Chashka",
    quantity=3,
    unit_price=Decimal("50000.00"),
    ikpu="06912001001000000",
    package_code="1500000",
    vat_percent=12,
)
PLATE = replace(CUP, title="Lagan", quantity=1, unit_price=Decimal("10000.01"), package_code="")


def detail(payme, amount, **outcome):
    account = {"order_id": "7K3M9-QX2TD"}
    event = read(payme, "CheckPerformTransaction", amount=amount, account=account)
    return answer(payme, event, **outcome)


def test_the_lines_of_the_order_are_told(payme):
    found = detail(payme, 15_000_000 + 2_500_000, lines=[CUP], shipping=Decimal(25000))
    assert found == {
        "allow": True,
        "detail": {
            "receipt_type": 0,
            "shipping": {"title": "Yetkazib berish", "price": 2_500_000},
            "items": [
                {
                    "title": "Chashka",
                    "price": 5_000_000,
                    "count": 3,
                    "code": "06912001001000000",
                    "package_code": "1500000",
                    "vat_percent": 12,
                }
            ],
        },
    }


def test_a_discount_is_split_over_the_lines_to_the_tiyin(payme):
    due = 15_000_000 + 1_000_001 - 100_000
    found = detail(payme, due, lines=[CUP, PLATE], discount=Decimal(1000))["detail"]
    assert "shipping" not in found
    assert [one["discount"] for one in found["items"]] == [93_749, 6_251]
    assert "package_code" not in found["items"][1]
    total = sum(one["price"] * one["count"] - one["discount"] for one in found["items"])
    assert total == due


def test_a_discount_larger_than_the_goods_is_one_on_delivery(payme):
    off = {"discount": Decimal(160000), "shipping": Decimal(25000)}
    found = detail(payme, 1_500_000, lines=[CUP], **off)["detail"]
    assert found["shipping"]["price"] == 1_500_000
    assert found["items"][0]["discount"] == 15_000_000


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [
        (15_000_000, {}),
        (15_000_000, {"lines": [replace(CUP, ikpu="")]}),
        (15_000_000, {"lines": [replace(CUP, vat_percent=None)]}),
        (16_000_001, {"lines": [CUP, replace(PLATE, ikpu="")]}),
        (15_000_001, {"lines": [CUP]}),
        (7_500_000, {"lines": [CUP]}),
        (100, {"lines": [CUP], "discount": Decimal(150001), "shipping": Decimal(0)}),
        (15_000_000, {"lines": [replace(CUP, unit_price=Decimal("50000.001"))]}),
    ],
)
def test_lines_that_would_make_a_false_receipt_are_not_told(payme, amount, outcome):
    assert detail(payme, amount, **outcome) == {"allow": True}


def test_a_free_line_takes_no_discount(payme):
    free = replace(PLATE, unit_price=Decimal(0))
    assert "discount" not in detail(payme, 0, lines=[free])["detail"]["items"][0]


@pytest.mark.parametrize("total", range(0, 61, 7))
def test_shares_add_up_and_none_is_larger_than_its_weight(total):
    weights = [7, 0, 1, 33, 19]
    given = shares(total, weights)
    assert sum(given) == total
    assert all(0 <= share <= weight for share, weight in zip(given, weights, strict=True))


def test_a_sandbox_till_is_named_before_the_shop_is_deployed(settings):
    path = "shopkit.payments.backends.payme.PaymeBackend"
    for is_test, ids in ((True, ["shopkit.payments.W001"]), (False, [])):
        options = {"merchant_id": "a" * 24, "key": KEY, "is_test": is_test}
        spec = {"BACKEND": path, "OPTIONS": options}
        settings.SHOPKIT = {"PAYMENTS": {"PROVIDERS": {"payme": spec}}}
        assert [one.id for one in check_moves_money()] == ids
