"""Click calls a shop: the way in, the rules and the books together."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.db.models.functions import Now
from rest_framework.test import APIClient

from shopkit.core.facts import deliver_all
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import StockItem
from shopkit.orders.models import Order
from shopkit.payments.models import GatewayEvent, Payment, PaymentReview, Receipt, Refund
from shopkit.payments.services import receive, recheck, refund_order
from shopkit.payments.testing.click import (
    CANCELLED_BY_CLICK,
    FORM,
    SECRET_KEY,
    Attempt,
    ClickCaller,
    FakeClickMerchant,
    through,
)
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WEBHOOK = f"{API}payments/webhooks/click/"
OPTIONS = {"service_id": 31337, "merchant_id": 777, "secret_key": SECRET_KEY}
DUE = "100000.00"


def configure(settings, **options):
    click = {
        "BACKEND": "shopkit.payments.backends.click.ClickBackend",
        "OPTIONS": {**OPTIONS, **options},
    }
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "FACTS": {"DELIVERY": "manual"},
        "PAYMENTS": {"PROVIDERS": {"click": click}},
    }


@pytest.fixture(autouse=True)
def shop(settings):
    configure(settings)


@pytest.fixture
def caller():
    """Click, at the webhook of the site."""
    client = APIClient()
    return ClickCaller(lambda body: client.post(WEBHOOK, body, content_type=FORM).content)


@pytest.fixture
def order(as_user, cup):  # noqa: F811
    """An order of 100 000."""
    fill(as_user, (cup, 2))
    return place(as_user).json()["number"]


def orders(client, variant, count):
    """Place orders of 100 000."""
    placed = []
    for _ in range(count):
        fill(client, (variant, 2))
        placed.append((place(client).json()["number"], DUE))
    return placed


def start(client, order):
    answer = client.post(f"{API}orders/{order}/payments/", {"provider": "click"}, format="json")
    assert answer.status_code in {200, 201}, answer.content
    return answer.json()


def paid_states():
    return list(Order.objects.order_by("pk").values_list("payment_status", flat=True))


@pytest.mark.parametrize("is_started", [False, True])
def test_click_accepts_the_shop(as_user, cup, caller, is_started):  # noqa: F811
    payable = orders(as_user, cup, 3)
    if is_started:
        for number, _amount in payable:
            start(as_user, number)

    caller.check_matrix(payable)

    assert paid_states() == ["paid", "paid", "unpaid"]
    statuses = Payment.objects.order_by("order__pk").values_list("status", "reason")
    assert list(statuses) == [("paid", ""), ("paid", ""), ("cancelled", "-5017")]
    # Row 8: Click says that confirmed money was cancelled. That is for a person to look into.
    assert list(PaymentReview.objects.values_list("code", "payment__order__number")) == [
        ("closed_after_paid", payable[0][0])
    ]
    assert_books_balance()


def test_in_python_it_is_the_same(as_user, cup):  # noqa: F811
    caller = ClickCaller(through(lambda callback: receive("click", callback)))

    rows = caller.run_matrix(orders(as_user, cup, 3))

    assert [row.answer["error"] for row in rows] == [
        -1, -5, 0, -1, -2, 0, -4, -9, 0, -6, 0, 0, -9, -9, -9,
    ]  # fmt: skip


def test_a_shop_that_errs_is_told_where(as_user, cup, caller, settings):  # noqa: F811
    payable = orders(as_user, cup, 3)
    configure(settings, secret_key="another")

    with pytest.raises(AssertionError) as told:
        caller.check_matrix(payable)

    assert "WRONG  3 Prepare  expected 0, answered -1: payable order" in str(told.value)
    assert paid_states() == ["unpaid"] * 3


def test_each_call_may_come_again_and_is_answered_the_same(caller, order):
    attempt = Attempt(order, DUE)

    first, again = caller.prepare(attempt), caller.prepare(attempt)
    assert first == again
    assert first == {
        "click_trans_id": attempt.trans_id,
        "merchant_trans_id": order,
        "merchant_prepare_id": Payment.objects.get().serial,
        "error": 0,
        "error_note": "Success",
    }
    serial = first["merchant_prepare_id"]
    assert caller.complete(attempt, serial)["error"] == 0
    assert [caller.complete(attempt, serial)["error"] for _ in range(3)] == [-4] * 3
    assert caller.prepare(attempt)["error"] == -4

    payment = Payment.objects.get()
    assert (payment.status, payment.captured, payment.reference, payment.other_reference) == (
        "paid",
        Decimal(100_000),
        str(attempt.trans_id),
        str(attempt.paydoc_id),
    )
    assert_books_balance()


def test_the_attempt_that_the_customer_began_is_the_one_that_is_paid(as_user, caller, order):
    begun = start(as_user, order)
    assert begun["redirect_url"] == (
        "https://my.click.uz/services/pay/?service_id=31337&merchant_id=777"
        f"&amount=100000.00&transaction_param={order}"
    )

    assert caller.pay(order, DUE)["error"] == 0

    assert str(Payment.objects.get().pk) == begun["id"]
    assert Order.objects.get().payment_status == "paid"
    assert_books_balance()


def test_an_order_takes_one_transaction_at_a_time(caller, order):
    assert caller.prepare(Attempt(order, DUE))["error"] == 0

    assert caller.prepare(Attempt(order, DUE))["error"] == -9

    assert Payment.objects.count() == 1


def test_after_a_try_that_failed_the_same_payment_is_tried_again(caller, order):
    failed = Attempt(order, DUE)
    serial = caller.prepare(failed)["merchant_prepare_id"]
    assert caller.complete(failed, serial, error=CANCELLED_BY_CLICK)["error"] == -9
    again = Attempt(order, DUE, paydoc_id=failed.paydoc_id)

    serial = caller.prepare(again)["merchant_prepare_id"]

    assert caller.complete(again, serial)["error"] == 0
    assert caller.complete(failed, serial)["error"] == -6
    assert Order.objects.get().payment_status == "paid"
    assert_books_balance()


def test_a_paid_order_is_not_prepared_again(caller, order):
    caller.pay(order, DUE)

    assert caller.prepare(Attempt(order, DUE))["error"] == -4
    assert Payment.objects.count() == 1


def test_a_cancelled_order_takes_no_money(as_user, caller, order):
    attempt = Attempt(order, DUE)
    serial = caller.prepare(attempt)["merchant_prepare_id"]

    as_user.post(f"{API}orders/{order}/cancel/")

    assert caller.complete(attempt, serial)["error"] == -9
    assert caller.prepare(Attempt(order, DUE))["error"] == -9
    assert Order.objects.get().payment_status == "unpaid"
    assert_books_balance()


def test_money_that_comes_too_late_is_not_taken(caller, order):
    attempt = Attempt(order, DUE)
    serial = caller.prepare(attempt)["merchant_prepare_id"]
    Payment.objects.update(expires_at=Now() - timedelta(seconds=1))

    assert caller.complete(attempt, serial)["error"] == -9

    payment = Payment.objects.get()
    assert (payment.status, payment.reason, payment.captured) == ("expired", "timeout", 0)
    assert Order.objects.get().payment_status == "unpaid"
    assert_books_balance()


@pytest.mark.parametrize("amount", ["99999.99", "100000.01", "0", "-100000", "10000000"])
def test_only_the_exact_amount_is_prepared(caller, order, amount):
    assert caller.prepare(Attempt(order, amount))["error"] == -2
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["100000", "100000.0", "100000.00", "100000.0000"])
def test_an_amount_may_be_written_in_any_way(caller, order, amount):
    assert caller.pay(order, amount)["error"] == 0


def test_an_order_in_other_money_is_not_paid_in_soum(caller, order):
    Order.objects.update(currency="USD")

    assert caller.prepare(Attempt(order, DUE))["error"] == -2
    assert not Payment.objects.exists()


def test_the_order_is_checked_before_the_prepare_id_and_that_before_the_amount(caller, order):
    attempt = Attempt(order, DUE)
    serial = caller.prepare(attempt)["merchant_prepare_id"]
    stranger = Attempt("no-such-order", DUE, trans_id=attempt.trans_id)

    assert caller.complete(stranger, serial, amount="1")["error"] == -5
    assert caller.complete(attempt, serial + 1, amount="1")["error"] == -6
    assert caller.complete(attempt, "rubbish")["error"] == -6
    assert caller.complete(attempt, 0)["error"] == -6
    assert caller.complete(attempt, serial, amount="1")["error"] == -2
    assert Payment.objects.get().status == "pending"


def test_a_prepare_id_of_another_order_or_transaction_pays_nothing(as_user, cup, caller):  # noqa: F811
    (mine, _), (other, _) = orders(as_user, cup, 2)
    first, second = Attempt(mine, DUE), Attempt(other, DUE)
    serial = caller.prepare(first)["merchant_prepare_id"]
    caller.prepare(second)

    assert caller.complete(second, serial)["error"] == -6
    assert caller.complete(Attempt(mine, DUE), serial)["error"] == -6
    assert caller.complete(Attempt(mine, DUE, trans_id=second.trans_id), serial)["error"] == -6

    assert paid_states() == ["pending", "pending"]
    assert not PaymentReview.objects.exists()


def test_what_is_not_clicks_leaves_no_trace(caller, order, client):
    attempt = Attempt(order, DUE)

    assert caller.prepare(attempt, sign_string="0" * 32)["error"] == -1
    assert caller.prepare(attempt, service_id=31338)["error"] == -8
    assert caller.prepare(attempt, action=7)["error"] == -3
    assert client.post(WEBHOOK, {"click_trans_id": 1}, format="json").json()["error"] == -8
    assert client.get(WEBHOOK).json()["error"] == -8

    assert not GatewayEvent.objects.exists()
    assert not Payment.objects.exists()


def test_texts_that_no_database_keeps_are_refused(caller, order):
    for number in ("A\x00", "A" * 5000, "'; --", "🙂", "\ud7ff", "%00"):
        assert caller.prepare(Attempt(number, DUE))["error"] in {-5, -8}
    assert caller.prepare(Attempt(order, DUE), error_note="x" * 5000)["error"] == 0


def test_nothing_secret_is_kept(caller, order):
    caller.pay(order, DUE)

    kept = " ".join(f"{row.facts} {row.data}" for row in GatewayEvent.objects.all())
    assert "sign_string" not in kept
    assert SECRET_KEY not in kept


def test_a_failure_of_ours_makes_click_come_again(caller, order, monkeypatch, client):
    from shopkit.payments.services import judging

    attempt = Attempt(order, DUE)
    serial = caller.prepare(attempt)["merchant_prepare_id"]
    form = caller.form(attempt, action=1, merchant_prepare_id=serial)
    with monkeypatch.context() as broken:
        broken.setitem(judging.RULES, "settle", None)
        answer = client.post(WEBHOOK, form, content_type=FORM)

    assert (answer.status_code, answer.json()["error"]) == (503, -7)
    assert client.post(WEBHOOK, form, content_type=FORM).json()["error"] == 0
    assert_books_balance()


@pytest.mark.race
@pytest.mark.postgres
class TestRaces:
    def test_twenty_prepares_of_one_transaction_open_one(self, caller, order):
        attempt = Attempt(order, DUE)

        answers = at_once([lambda: caller.prepare(attempt)] * 20)

        assert {answer["error"] for answer in answers} == {0}
        assert len({answer["merchant_prepare_id"] for answer in answers}) == 1
        assert Payment.objects.count() == 1
        assert_books_balance()

    def test_twenty_transactions_for_one_order_open_one(self, caller, order):
        tries = [Attempt(order, DUE) for _ in range(20)]

        answers = at_once([lambda one=one: caller.prepare(one) for one in tries])

        assert sorted(answer["error"] for answer in answers) == [-9] * 19 + [0]
        assert Payment.objects.count() == 1

    def test_twenty_completes_take_the_money_once(self, caller, order):
        attempt = Attempt(order, DUE)
        serial = caller.prepare(attempt)["merchant_prepare_id"]

        answers = at_once([lambda: caller.complete(attempt, serial)] * 20)

        assert sorted(answer["error"] for answer in answers) == [-4] * 19 + [0]
        assert Payment.objects.get().captured == Decimal(100_000)
        assert_books_balance()

    def test_confirming_and_cancelling_agree_on_one_outcome(self, caller, order):
        attempt = Attempt(order, DUE)
        serial = caller.prepare(attempt)["merchant_prepare_id"]

        def confirm():
            return "confirm", caller.complete(attempt, serial)["error"]

        def cancel():
            return "cancel", caller.complete(attempt, serial, error=CANCELLED_BY_CLICK)["error"]

        answers = at_once([confirm, cancel] * 10)

        status = Payment.objects.get().status
        confirmed = sorted(error for said, error in answers if said == "confirm")
        assert {error for said, error in answers if said == "cancel"} == {-9}
        if status == "paid":
            assert confirmed == [-4] * 9 + [0]
        else:
            assert (status, confirmed) == ("cancelled", [-9] * 10)
        assert_books_balance()


class TestMerchantApi:
    @pytest.fixture
    def merchant(self, monkeypatch, settings):
        monkeypatch.setenv("NO_PROXY", "*")
        with FakeClickMerchant() as running:
            configure(settings, **running.options)
            yield running

    def test_an_answer_that_was_lost_is_found_out(self, caller, order, merchant):
        attempt = Attempt(order, DUE)
        caller.prepare(attempt)
        merchant.record(attempt)

        assert recheck(Payment.objects.get().pk).status == "paid"

        assert Order.objects.get().payment_status == "paid"
        assert_books_balance()

    def test_what_click_cancelled_is_found_out(self, caller, order, merchant):
        attempt = Attempt(order, DUE)
        caller.prepare(attempt)
        merchant.record(attempt, status=-99)

        assert recheck(Payment.objects.get().pk).status == "cancelled"

        assert Order.objects.get().payment_status == "unpaid"

    def test_all_goes_back_by_itself(self, caller, order, merchant):
        attempt = Attempt(order, DUE)
        caller.complete(attempt, caller.prepare(attempt)["merchant_prepare_id"])
        known = merchant.record(attempt)

        refund = refund_order(Order.objects.get().pk)

        assert (refund.status, refund.reference) == ("succeeded", str(attempt.paydoc_id))
        assert known.status < 0
        assert Payment.objects.get().status == "refunded"
        assert_books_balance()
        # Click tells us of what we did.
        serial = Payment.objects.get().serial
        assert caller.complete(attempt, serial, error=CANCELLED_BY_CLICK)["error"] == -9
        assert caller.complete(attempt, serial)["error"] == -9
        assert not PaymentReview.objects.exists()

    def test_a_part_waits_for_a_person(self, caller, order, merchant):
        caller.pay(order, DUE)

        refund = refund_order(Order.objects.get().pk, amount=Decimal(1))

        assert refund.status == Refund.Status.BY_HAND
        assert merchant.calls == []
        assert_books_balance()

    def test_what_click_declines_waits_for_a_person(self, caller, order, merchant):
        attempt = Attempt(order, DUE)
        caller.complete(attempt, caller.prepare(attempt)["merchant_prepare_id"])
        merchant.record(attempt)
        merchant.declines = -514

        refund = refund_order(Order.objects.get().pk)

        assert refund.status == Refund.Status.BY_HAND
        assert_books_balance()


def test_a_paid_order_gets_its_fiscal_receipt(as_user, cup, caller, settings, monkeypatch):  # noqa: F811
    monkeypatch.setenv("NO_PROXY", "*")
    cup.ikpu, cup.package_code, cup.vat_percent = "06911001001000000", "1234567", 12
    cup.save()
    fill(as_user, (cup, 2))
    attempt = Attempt(place(as_user).json()["number"], DUE)
    with FakeClickMerchant() as merchant:
        configure(settings, **merchant.options, receipts={"tin": "123456789"})
        known = merchant.record(attempt)

        caller.complete(attempt, caller.prepare(attempt)["merchant_prepare_id"])
        deliver_all()

    assert known.receipts[0]["items"][0]["VAT"] == 1_071_429
    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.payment) == ("payment", Payment.objects.get())
    assert receipt.qr_code_url == known.receipt_url


def test_a_setting_without_a_secret_is_found_by_the_checks(settings):
    configure(settings, secret_key="")

    found = [one for one in run_checks(tags=["shopkit"]) if one.id == "shopkit.payments.E001"]

    assert "secret_key must not be blank" in found[0].msg


def test_a_cancelled_attempt_gives_nothing_back_to_the_shelf_that_the_order_holds(caller, order):
    attempt = Attempt(order, DUE)
    serial = caller.prepare(attempt)["merchant_prepare_id"]

    caller.complete(attempt, serial, error=CANCELLED_BY_CLICK)

    assert StockItem.objects.get().reserved == 2
    assert_books_balance()
