"""Payme at the door of a whole shop."""

import json
import os
import subprocess
import sys
from decimal import Decimal

import pytest
from django.test import Client

from shopkit.catalog.testing import make_variant
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import StockItem
from shopkit.inventory.testing import make_stock
from shopkit.orders.models import Order
from shopkit.payments.models import GatewayEvent, Payment, Receipt
from shopkit.payments.testing.payme import PaymeCaller, PaymeScenarios, code_in, new_id, now
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "Made-Up-Payme-Key-000000000000000036"
URL = f"{API}payments/webhooks/payme/"
BACKEND = "shopkit.payments.backends.payme.PaymeBackend"


@pytest.fixture(autouse=True)
def _till(settings):
    provider = {"BACKEND": BACKEND, "OPTIONS": {"merchant_id": "a" * 24, "key": KEY}}
    payments = {"PROVIDERS": {"payme": provider}, "RETURN_HOSTS": ("shop.example",)}
    settings.SHOPKIT = {**settings.SHOPKIT, "PAYMENTS": payments}


@pytest.fixture
def payme():
    return PaymeCaller(URL, KEY)


@pytest.fixture
def order(as_user, cup):  # noqa: F811
    """An order of 100 000."""
    fill(as_user, (cup, 2))
    return place(as_user).json()["number"], 10_000_000


class TestScenarios(PaymeScenarios):
    """What the sandbox asks, and more."""

    @pytest.fixture
    def payme(self, payme):
        yield payme
        assert_books_balance()

    @pytest.fixture
    def order(self, order):
        return order


def test_a_customer_is_sent_there_and_pays(as_user, order, payme):
    number, amount = order
    body = {"provider": "payme", "return_url": "https://shop.example/thanks"}

    started = as_user.post(f"{API}orders/{number}/payments/", body, format="json")

    assert started.status_code == 201, started.content
    assert started.json()["redirect_url"].startswith("https://checkout.paycom.uz/bT1h")
    id_ = new_id()
    created = payme.create(number, amount, id_=id_)["result"]
    assert created["transaction"] == started.json()["id"]
    payme.perform(id_)
    assert as_user.get(f"{API}orders/{number}/").json()["payment_status"] == "paid"
    payment = Payment.objects.get()
    assert (payment.status, payment.reference) == ("paid", id_)
    assert (payment.captured, payment.refunded) == (Decimal(100000), Decimal(0))
    assert StockItem.objects.get().reserved == 2
    assert_books_balance()


def test_a_return_address_that_the_link_cannot_hold_is_the_callers_fault(as_user, order):
    body = {"provider": "payme", "return_url": "https://shop.example/?a=1;a=5"}
    answer = as_user.post(f"{API}orders/{order[0]}/payments/", body, format="json")
    assert (answer.status_code, "cannot escape" in answer.json()["detail"]) == (400, True)
    assert not Payment.objects.live().exists()


def test_what_is_answered_is_what_was_stored(order, payme):
    id_ = new_id()
    created = payme.create(*order, id_=id_, at=now() - 3_600_000)["result"]
    performed = payme.perform(id_)["result"]

    payment = Payment.objects.get()

    assert created["create_time"] == _milliseconds(payment.opened_at)
    assert performed["perform_time"] == _milliseconds(payment.paid_at)
    assert created["create_time"] > payment.gateway_time + 3_500_000


def _milliseconds(moment):
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1000 + moment.microsecond // 1000


def test_goods_on_their_way_are_not_paid_back(as_staff, order, payme):
    id_ = new_id()
    payme.create(*order, id_=id_)
    payme.perform(id_)
    for status in ("processing", "shipped"):
        body = {"status": status}
        moved = as_staff.patch(f"{API}orders/{order[0]}/status/", body, format="json")
        assert moved.status_code == 200, moved.content

    assert code_in(payme.cancel(id_, 5)) == -31007

    assert payme.look_up(id_)["result"]["state"] == 2
    assert Payment.objects.get().refunded == 0


def test_an_order_that_was_cancelled_takes_no_money(as_user, order, payme):
    id_ = new_id()
    payme.create(*order, id_=id_)

    answer = as_user.post(f"{API}orders/{order[0]}/cancel/", {}, format="json")

    assert answer.status_code == 200, answer.content
    assert code_in(payme.perform(id_)) == -31008
    assert payme.look_up(id_)["result"]["state"] == -1
    assert -31099 <= code_in(payme.check(*order), data="order_id") <= -31050
    assert -31099 <= code_in(payme.create(*order), data="order_id") <= -31050
    assert not Payment.objects.filter(captured__gt=0).exists()
    assert StockItem.objects.get().reserved == 0


def test_the_receipt_is_kept_and_the_newer_one_holds(order, payme):
    id_ = new_id()
    payme.create(*order, id_=id_)
    payme.perform(id_)
    payme.fiscal_data(id_, status_code=-1, qr_code_url="", fiscal_sign="")
    payme.fiscal_data(id_)
    payme.fiscal_data(id_, "CANCEL", receipt_id=122)

    sale, refund = Receipt.objects.order_by("pk")

    assert (sale.kind, sale.receipt_id, sale.fiscal_sign) == ("payment", "121", "800031554082")
    assert sale.qr_code_url == "https://ofd.example/check?t=EP000000000025&r=121"
    assert sale.data == {"message": "accepted", "status_code": 0}
    assert (refund.kind, refund.receipt_id) == ("refund", "122")


def test_the_lines_of_the_order_go_into_the_fiscal_receipt(as_user, payme):
    tea = make_variant(
        price="50000", sku="TEA", ikpu="00902001001000000", package_code="1234567", vat_percent=12
    )
    make_stock(tea, on_hand=10)
    fill(as_user, (tea, 2))
    number = place(as_user).json()["number"]

    detail = payme.check(number, 10_000_000)["result"]["detail"]

    assert detail["receipt_type"] == 0
    [item] = detail["items"]
    assert {name: item[name] for name in ("price", "count", "code", "vat_percent")} == {
        "price": 5_000_000,
        "count": 2,
        "code": "00902001001000000",
        "vat_percent": 12,
    }


def test_a_stranger_leaves_no_trace(order, payme):
    said = {"method": "CreateTransaction", "params": payme.opening(*order), "id": 1}
    assert code_in(payme.post(said, key="wrong")) == -32504
    assert not GatewayEvent.objects.exists()
    assert not Payment.objects.exists()


def test_what_is_kept_of_a_call_holds_no_more_than_the_protocol(order, payme, caplog):
    account = {"order_id": order[0], "phone": "+998901234567"}
    payme.call(
        "CreateTransaction", id=new_id(), time=now(), amount=order[1], account=account, card="8600"
    )
    [kept] = GatewayEvent.objects.all()
    assert set(kept.data) == {"amount", "account", "time"}
    assert "998901234567" not in json.dumps([kept.data, kept.facts]) + caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_gets_200(payme, method):
    code = -32300
    assert code_in(payme.send(method, authorization=payme.authorization())) == code
    assert code_in(payme.send(method)) == -32504


def test_what_payme_says_of_itself_does_not_matter(order):
    client = Client(headers={"accept": "application/xml", "accept-language": "tlh"})
    for content_type in ("text/json; charset=UTF-8", "application/x-www-form-urlencoded", "", "?"):
        said = {"id": 1, "method": "CheckTransaction", "params": {"id": new_id()}}
        answer = client.generic(
            "POST",
            URL,
            json.dumps(said),
            content_type,
            headers={"authorization": PaymeCaller(URL, KEY).authorization()},
        )
        assert (answer.status_code, code_in(answer.json())) == (200, -31003), content_type


@pytest.mark.parametrize("size", [300_000, 10_000_000])
def test_a_body_that_is_too_large_gets_200(payme, size):
    answer = payme.post(b'{"id": 1, "method": "' + b"x" * size + b'"}')
    assert code_in(answer) == -32700


def test_a_breakdown_of_ours_is_said_with_200(order, payme, monkeypatch):
    def broken(case):
        raise RuntimeError

    monkeypatch.setattr("shopkit.payments.services.receiving.judge", broken)
    assert code_in(payme.create(*order)) == -32400
    assert code_in(payme.check(*order)) == -32400


def test_a_till_with_a_list_of_addresses(settings, order, payme):
    provider = settings.SHOPKIT["PAYMENTS"]["PROVIDERS"]["payme"]
    provider["OPTIONS"]["allowed_addresses"] = ["185.234.113.0/28"]
    assert code_in(payme.check(*order)) == -32504
    from_payme = PaymeCaller(URL, KEY, client=Client(REMOTE_ADDR="185.234.113.7"))
    assert from_payme.check(*order)["result"] == {"allow": True}


def test_money_goes_back_by_hand(as_user, as_staff, order, payme):
    id_ = new_id()
    payme.create(*order, id_=id_)
    payme.perform(id_)

    body = {"reason": "changed their mind"}
    answer = as_staff.post(f"{API}orders/{order[0]}/refunds/", body, format="json")

    assert answer.status_code == 201, answer.content
    assert answer.json()["status"] != "succeeded"
    # Staff give it back in Payme's cabinet; that is what we hear of it.
    assert payme.cancel(id_, 5)["result"]["state"] == -2
    assert Payment.objects.get().refunded == Decimal(100000)
    assert_books_balance()


def test_the_tester_sees_a_shop_that_answers_differently(order, payme, monkeypatch):
    """The caller itself must be able to fail."""
    times = iter(range(10))
    monkeypatch.setattr("shopkit.payments.backends.payme.words.milliseconds", lambda _: next(times))
    with pytest.raises(AssertionError, match="and then"):
        payme.create(*order)


def test_a_live_server_is_called_like_a_test_client(live_server, order):
    live = PaymeCaller(f"{live_server.url}{URL}", KEY)
    id_ = new_id()
    assert live.create(*order, id_=id_)["result"]["state"] == 1
    assert live.perform(id_)["result"]["state"] == 2
    assert code_in(live.send("GET", authorization=live.authorization())) == -32300
    with pytest.raises(AssertionError, match="HTTP 404"):
        PaymeCaller(f"{live_server.url}{API}payments/webhooks/none/", KEY).check(*order)
    with pytest.raises(AssertionError, match="HTTP 301"):
        PaymeCaller(f"{live_server.url}/admin", KEY).check(*order)
    assert KEY not in repr(live)
    assert Order.objects.get().payment_status == "paid"


def test_a_live_server_is_called_without_settings():
    """From a script on another machine, say."""
    script = """
from shopkit.payments.testing.payme import PaymeCaller
try:
    PaymeCaller("http://127.0.0.1:9/", "key").race("A-17", 100)
except OSError:
    print("called")
"""
    run = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
    )
    assert (run.stdout, run.returncode) == ("called\n", 0), run.stderr
