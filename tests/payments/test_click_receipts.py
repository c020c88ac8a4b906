"""Fiscal receipts through Click's Merchant API."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from shopkit.core.errors import BackendError
from shopkit.payments.backends.base import Line, Snapshot
from shopkit.payments.backends.click import ClickBackend
from shopkit.payments.backends.click.receipts import Seller
from shopkit.payments.testing.click import Attempt, FakeClickMerchant

TIN = "123456789"
DELIVERY = {
    "delivery_title": "Yetkazib berish",
    "delivery_ikpu": "10112006002000000",
    "delivery_package_code": "1501319",
    "delivery_vat_percent": 12,
}
ATTEMPT = Attempt("A-17", "150000.00", trans_id=2_147_483_648_000, paydoc_id=9_000_000_000_001)
URL = "https://ofd.soliq.uz/epi?t=EZ000000000001&r=1&c=20261120123045&s=420808230750"


@pytest.fixture
def merchant(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with FakeClickMerchant() as running:
        yield running


@pytest.fixture
def backend(merchant):
    return ClickBackend(**merchant.options, receipts={"tin": TIN, **DELIVERY})


def line(**changes):
    given = {
        "title": "Piyola",
        "quantity": 2,
        "unit_price": Decimal(50_000),
        "ikpu": "06911001001000000",
        "package_code": "1234567",
        "vat_percent": 12,
    }
    return Line(**{**given, **changes})


def payment(amount="100000"):
    return Snapshot(
        payment_id="7d9f2c1e-0000-4000-8000-000000000001",
        order_number="A-17",
        amount=Decimal(amount),
        captured=Decimal(amount),
        currency="UZS",
        status="paid",
        serial=9001,
        reference=str(ATTEMPT.trans_id),
        other_reference=str(ATTEMPT.paydoc_id),
        created_at=datetime(2026, 11, 20, 7, 30, tzinfo=timezone.utc),
    )


def fiscalize(backend, amount="100000", *, lines=None, shipping=0, discount=0):
    lines = (line(),) if lines is None else lines
    return backend.fiscalize(
        payment(amount), lines=lines, shipping=Decimal(shipping), discount=Decimal(discount)
    )


def test_what_was_bought_is_sent_in_tiyin_and_the_receipt_is_known(backend, merchant):
    known = merchant.record(ATTEMPT, day="2026-11-20")

    (event,) = fiscalize(backend)

    assert known.receipts == [
        {
            "service_id": 31337,
            "payment_id": 9_000_000_000_001,
            "items": [
                {
                    "Name": "Piyola",
                    "SPIC": "06911001001000000",
                    "PackageCode": "1234567",
                    "GoodPrice": 5_000_000,
                    "Price": 10_000_000,
                    "Amount": 2,
                    "VAT": 1_071_429,
                    "VATPercent": 12,
                    "Discount": 0,
                    "CommissionInfo": {"TIN": TIN},
                }
            ],
            "received_ecash": 0,
            "received_cash": 0,
            "received_card": 10_000_000,
        }
    ]
    assert (event.kind, event.serial, event.payment_id) == (
        "receipt",
        9001,
        payment().payment_id,
    )
    assert event.receipt == {
        "kind": "payment",
        "qr_code_url": URL,
        "terminal_id": "EZ000000000001",
        "receipt_id": "1",
        "date": "20261120123045",
        "fiscal_sign": "420808230750",
    }


def test_a_payment_gets_one_receipt_however_often_it_is_asked_for(backend, merchant):
    known = merchant.record(ATTEMPT, day="2026-11-20")

    first, again = fiscalize(backend), fiscalize(backend)

    assert first == again
    assert len(known.receipts) == 1


def test_a_receipt_that_click_made_itself_is_taken(backend, merchant):
    known = merchant.record(ATTEMPT, day="2026-11-20")
    known.receipt_url = URL

    (event,) = fiscalize(backend)

    assert event.receipt["qr_code_url"] == URL
    assert known.receipts == []


def test_delivery_and_discount_are_part_of_it(backend, merchant):
    known = merchant.record(ATTEMPT, day="2026-11-20")
    lines = (line(), line(title="Likop", quantity=1, unit_price=Decimal(70_000), vat_percent=0))

    fiscalize(backend, "175000.01", lines=lines, shipping=25_000, discount=Decimal("19999.99"))

    items = known.receipts[0]["items"]
    assert [(item["Name"], item["Price"], item["Discount"]) for item in items] == [
        ("Piyola", 10_000_000, 1_025_640),
        ("Likop", 7_000_000, 717_948),
        ("Yetkazib berish", 2_500_000, 256_411),
    ]
    assert sum(item["Price"] - item["Discount"] for item in items) == 17_500_001
    assert [item["VAT"] for item in items] == [961_539, 0, 240_385]


def test_a_name_is_cut_to_what_the_tax_office_takes(backend, merchant):
    known = merchant.record(ATTEMPT, day="2026-11-20")

    fiscalize(backend, lines=(line(title="ё" * 100),))

    assert known.receipts[0]["items"][0]["Name"] == "ё" * 63


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": (line(ikpu=""),)},
        {"lines": (line(package_code=""),)},
        {"lines": (line(vat_percent=None),)},
        {"lines": ()},
        {"lines": (), "shipping": 100_000},
        {"amount": "100000.01"},
    ],
)
def test_without_the_codes_or_the_whole_amount_nothing_is_sent(backend, merchant, caplog, changes):
    merchant.record(ATTEMPT, day="2026-11-20")

    assert fiscalize(backend, **changes) == ()

    assert merchant.calls == []
    assert "gets no receipt" in caplog.text


def test_a_delivery_without_codes_gets_no_receipt(merchant):
    backend = ClickBackend(**merchant.options, receipts={"tin": TIN})

    assert fiscalize(backend, "125000", shipping=25_000) == ()
    assert merchant.calls == []


def test_without_a_tin_nothing_is_sent(merchant):
    assert fiscalize(ClickBackend(**merchant.options)) == ()
    assert merchant.calls == []


@pytest.mark.parametrize("status", [0, 1])
def test_what_click_has_not_finished_is_tried_later(backend, merchant, status):
    known = merchant.record(ATTEMPT, day="2026-11-20", status=status)

    with pytest.raises(BackendError):
        fiscalize(backend)
    assert known.receipts == []


def test_money_that_went_back_gets_none(backend, merchant):
    known = merchant.record(ATTEMPT, day="2026-11-20", status=-99)

    assert fiscalize(backend) == ()
    assert known.receipts == []


def test_what_click_declines_is_shown_to_people(backend, merchant):
    merchant.record(ATTEMPT, day="2026-11-20")
    merchant.declines = -31

    (event,) = fiscalize(backend)

    assert event.receipt == {"kind": "payment", "status_code": -31, "message": "declined"}


def test_a_link_that_leads_astray_is_none(backend, merchant):
    merchant.record(ATTEMPT, day="2026-11-20")
    merchant.next(200, {"error_code": 0, "payment_id": ATTEMPT.paydoc_id, "payment_status": 2})
    merchant.next(200, {"qrCodeURL": "javascript:alert(1)"})

    (event,) = fiscalize(backend)

    assert event.receipt["qr_code_url"] == URL


def test_a_failure_is_tried_again(backend, merchant):
    merchant.record(ATTEMPT, day="2026-11-20")
    merchant.next(500)

    with pytest.raises(BackendError):
        fiscalize(backend)


def test_a_pinfl_has_a_field_of_its_own():
    items = Seller(tin="12345678901234").items_of(
        [line()], shipping=Decimal(0), discount=Decimal(0), amount=Decimal(100_000)
    )

    assert items[0]["CommissionInfo"] == {"PINFL": "12345678901234"}


@pytest.mark.parametrize(
    "receipts", [{"tin": ""}, {"tin": "12345678x"}, {"tin": "1234567890"}, {"tin": TIN, "x": 1}]
)
def test_wrong_options_are_refused(merchant, receipts):
    with pytest.raises((ValueError, TypeError)):
        ClickBackend(**merchant.options, receipts=receipts)


def test_receipts_need_the_merchant_api():
    with pytest.raises(ValueError, match="merchant_user_id"):
        ClickBackend(service_id=1, merchant_id=2, secret_key="x", receipts={"tin": TIN})
