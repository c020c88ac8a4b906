"""What a gateway's message does to the books, one rule at a time."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.db.models.functions import Now

from shopkit.core.errors import BackendError
from shopkit.core.testing import assert_books_balance
from shopkit.orders.services import cancel_order, move_order
from shopkit.payments.backends.base import Callback, Event
from shopkit.payments.errors import StartRefused
from shopkit.payments.models import GatewayEvent, Payment, PaymentReview, Receipt, Refund
from shopkit.payments.services import (
    expire_payments,
    handle_all,
    mark_paid,
    receive,
    recheck,
    reconcile,
    start_payment,
)

from .conftest import settle_down, tell
from .gateway import PLAYED, sold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(cups, gateways):
    """An order of 100 000."""
    return sold(cups)


@pytest.fixture(autouse=True)
def _books_balance():
    yield
    assert_books_balance("payments", "orders", "inventory")


def opened(order, *, reference="t-1", **event):
    """Let the gateway open a transaction."""
    return tell(
        kind="open", reference=reference, order_number=order.number, amount="100000", **event
    )


def started(order, provider="late"):
    """Begin to pay through a gateway that echoes our id."""
    payment, _is_new = start_payment(order.pk, provider=provider)
    return payment


def states(order):
    """Return the statuses of the order's payments and its own payment status."""
    order.refresh_from_db()
    own = order.payments.order_by("created_at", "pk").values_list("status", flat=True)
    return [*own], order.payment_status


def reviews():
    return [*PaymentReview.objects.order_by("pk").values_list("code", flat=True)]


def make_old():
    """Let the attempts' time be over."""
    Payment.objects.update(expires_at=Now() - timedelta(seconds=1))


# --- calls that are none -------------------------------------------------------------------------


def test_a_call_without_the_word_is_refused_in_the_gateways_words_and_keeps_nothing(order):
    answer = receive("answers", Callback(headers={}, body=b"{}"))

    assert (answer.status, answer.body) == (401, b"no")
    assert not GatewayEvent.objects.exists()


def test_what_fails_on_our_side_is_answered_so_that_the_gateway_comes_again(order, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("shopkit.payments.services.receiving._follow", broken)
    body = json.dumps({"event_id": "1", "kind": "note"}).encode()

    assert receive("answers", Callback(headers={"x-word": "sesame"}, body=body)).status == 503


# --- check, open, settle -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, ""),
        ({"order_number": "NONE"}, "unknown_order"),
        ({"amount": "99999.99"}, "wrong_amount"),
        ({"amount": "100000.01"}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
    ],
)
@pytest.mark.parametrize("kind", ["check", "open"])
def test_an_order_is_paid_with_its_own_amount_only(order, kind, change, refusal):
    event = {"reference": "t-1", "order_number": order.number, "amount": "100000", **change}

    assert tell(kind=kind, **event)["refusal"] == refusal
    assert Payment.objects.count() == (kind == "open" and not refusal)


@pytest.mark.parametrize("kind", ["check", "open"])
def test_a_cancelled_and_a_paid_order_take_no_money(order, cups, kind):
    other = sold(cups, number=2)
    cancel_order(order.pk, by="staff")
    mark_paid(other.pk)

    for one, refusal in ((order, "not_payable"), (other, "already_paid")):
        event = {"reference": "t-1", "order_number": one.number, "amount": "100000"}
        assert tell(kind=kind, **event)["refusal"] == refusal


def test_a_question_is_not_kept(order):
    tell(kind="check", order_number=order.number, amount="100000")

    assert not GatewayEvent.objects.exists()


def test_opening_again_is_answered_from_what_was_stored(order):
    first = opened(order)
    again = opened(order)

    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert (first["serial"], first["opened_at"]) == (again["serial"], again["opened_at"])
    assert first["serial"] == GatewayEvent.objects.get().pk
    assert GatewayEvent.objects.get().deliveries == 2
    assert states(order) == (["pending"], "pending")


def test_a_transaction_stays_with_its_order_and_amount(order, cups):
    other = sold(cups, number=2)
    opened(order)

    assert opened(other)["refusal"] == "wrong_reference"
    event = {"kind": "open", "reference": "t-1", "order_number": order.number, "event_id": "2"}
    assert tell(**event, amount="1")["refusal"] == "wrong_amount"
    assert (states(order), states(other)) == ((["pending"], "pending"), ([], "unpaid"))


def test_the_attempt_that_the_customer_began_is_the_one_that_is_opened(order):
    payment = started(order, "answers")

    opened(order)

    payment.refresh_from_db()
    assert (payment.reference, payment.status) == ("t-1", "pending")
    assert Payment.objects.count() == 1


def test_a_second_transaction_waits_until_the_first_is_over(order):
    opened(order)
    assert opened(order, reference="t-2")["refusal"] == "busy"

    make_old()
    assert opened(order, reference="t-2")["refusal"] == ""
    assert states(order) == (["expired", "pending"], "pending")


def test_opening_holds_the_stock_for_the_gateways_window(order, gateways):
    gateways(window=timedelta(days=30))
    opened(order)

    order.refresh_from_db()
    payment = Payment.objects.get()
    assert order.expires_at == payment.expires_at
    assert timedelta(days=29) < payment.expires_at - payment.opened_at <= timedelta(days=30)


def test_the_window_is_measured_from_the_gateways_own_time(order, gateways):
    gateways(window=timedelta(hours=12))
    now = int(order.placed_at.timestamp() * 1000)

    assert opened(order, at=now - 13 * 3_600_000)["refusal"] == "overdue"
    assert opened(order, at=now - 11 * 3_600_000, reference="t-2")["refusal"] == ""
    payment = Payment.objects.get()
    assert timedelta(minutes=59) < payment.expires_at - payment.opened_at <= timedelta(minutes=61)


def test_a_time_in_the_future_holds_no_longer_than_the_window(order, gateways):
    gateways(window=timedelta(hours=1))
    opened(order, at=10**14)

    payment = Payment.objects.get()
    assert payment.expires_at - payment.opened_at <= timedelta(hours=1, seconds=5)


def test_money_pays_the_order_once_however_often_it_is_told(order):
    opened(order)
    first = tell(kind="settle", reference="t-1", is_final=False)
    again = tell(kind="settle", reference="t-1", is_final=False)
    other_words = tell(kind="settle", reference="t-1", event_id="another")

    assert [one["is_repeat"] for one in (first, again, other_words)] == [False, True, True]
    assert states(order) == (["paid"], "paid")
    assert (order.paid_total, order.refund_due, order.expires_at) == (Decimal(100000), 0, None)


def test_money_for_a_transaction_of_which_nobody_told_us_is_refused(order):
    assert tell(kind="settle", reference="t-9", is_final=False)["refusal"] == "unknown_payment"
    assert reviews() == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": "99999.99"}, "wrong_amount"),
        ({"amount": "100000.01"}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"is_live": True}, "wrong_mode"),
        ({"reference": "t-2"}, "wrong_reference"),
        ({"payment_id": "00000000-0000-0000-0000-000000000000"}, "unknown_payment"),
        ({"payment_id": "no uuid"}, "unknown_payment"),
        ({"order_number": "NONE"}, "unknown_order"),
    ],
)
def test_money_that_does_not_fit_opens_a_review_and_pays_nothing(order, gateways, change, refusal):
    gateways(is_live=False)
    payment = started(order)
    Payment.objects.update(reference="t-1")
    event = {"payment_id": str(payment.pk), "reference": "t-1", "amount": "100000", **change}

    for _delivery in range(3):
        tell("late", kind="settle", event_id="e-1", **event)
        settle_down()

    assert GatewayEvent.objects.get().refusal == refusal
    assert states(order) == (["pending"], "pending")
    assert reviews() == [refusal]


def test_a_serial_of_another_orders_payment_pays_neither(order, cups):
    other = sold(cups, number=2)
    first, second = opened(order), opened(other, reference="t-2")
    event = {"kind": "settle", "reference": "t-1", "serial": second["serial"], "is_final": False}

    assert tell(**event)["refusal"] == "wrong_reference"
    assert tell(**{**event, "serial": -1})["refusal"] == "unknown_payment"
    assert tell(**{**event, "serial": first["serial"], "order_number": other.number})[
        "refusal"
    ] == ("wrong_reference")
    assert (states(order), states(other)) == ((["pending"], "pending"),) * 2


def test_what_other_programs_do_on_the_same_account_is_no_news(order):
    for kind in ("settle", "refund", "reverse", "dispute"):
        tell("late", kind=kind, reference="pi_theirs", amount="5", event_id=kind)
    settle_down()

    assert reviews() == []
    assert GatewayEvent.objects.filter(refusal="unknown_payment").count() == 4


def test_money_that_is_not_taken_yet_comes_too_late(order, cups, gateways):
    gateways(window=timedelta(hours=1))
    slow, dropped, paid = order, sold(cups, number=2), sold(cups, number=3)
    for number, one in enumerate((slow, dropped, paid)):
        opened(one, reference=f"t-{number}")
    Payment.objects.filter(reference="t-0").update(expires_at=Now())
    cancel_order(dropped.pk, by="customer")
    mark_paid(paid.pk)

    refusals = [
        tell(kind="settle", reference=f"t-{number}", is_final=False)["refusal"]
        for number in range(3)
    ]

    assert refusals == ["overdue", "not_payable", "already_paid"]
    assert Payment.objects.get(reference="t-0").reason == "timeout"
    assert states(dropped) == (["cancelled"], "unpaid")
    assert states(paid) == (["cancelled", "paid"], "paid")


# --- money that has been taken is never lost -----------------------------------------------------


def test_late_money_revives_an_attempt_that_was_given_up(order):
    payment = started(order)
    tell("late", kind="close", payment_id=str(payment.pk), outcome="expired")
    settle_down()
    assert states(order) == (["expired"], "unpaid")

    tell("late", kind="settle", payment_id=str(payment.pk), amount="100000")
    settle_down()
    tell("late", kind="close", payment_id=str(payment.pk), outcome="expired", event_id="late")
    settle_down()

    assert states(order) == (["paid"], "paid")
    assert reviews() == []


def test_money_for_a_cancelled_order_is_owed_back(order):
    payment = started(order)
    cancel_order(order.pk, by="customer")
    settle_down()
    tell("late", kind="settle", payment_id=str(payment.pk), amount="100000")
    settle_down()

    assert states(order) == (["paid"], "paid")
    assert (order.status, order.refund_due) == ("cancelled", Decimal(100000))
    assert reviews() == ["paid_cancelled"]
    refund = Refund.objects.get()
    assert (refund.status, refund.amount, refund.reason) == ("queued", 100000, "order_cancelled")


def test_an_order_that_two_gateways_paid_gives_one_of_them_back(order):
    first, second = started(order), started(order, "answers")
    for provider, one in (("late", first), ("answers", second)):
        tell(provider, kind="settle", payment_id=str(one.pk), amount="100000")
        settle_down()

    assert states(order) == (["paid", "paid"], "paid")
    assert (order.paid_total, order.refund_due) == (Decimal(200000), Decimal(100000))
    assert reviews() == ["paid_twice"]
    assert Refund.objects.get().payment == second


def test_a_failure_after_payment_is_for_a_person(order):
    payment = started(order)
    tell("late", kind="settle", payment_id=str(payment.pk))
    tell("late", kind="close", payment_id=str(payment.pk), outcome="failed", reason="-5017")
    settle_down()

    assert states(order) == (["paid"], "paid")
    assert reviews() == ["closed_after_paid"]


def test_a_dispute_is_for_a_person_and_changes_nothing(order):
    payment = started(order)
    tell("late", kind="settle", payment_id=str(payment.pk))
    for _delivery in range(2):
        tell("late", kind="dispute", payment_id=str(payment.pk), reason="needs_response")
        settle_down()

    assert states(order) == (["paid"], "paid")
    assert reviews() == ["dispute"]


# --- it ends without money, or the money goes back -----------------------------------------------


def test_the_first_word_for_why_it_ended_stays(order):
    opened(order)
    first = tell(kind="close", reference="t-1", outcome="failed", reason="3")
    again = tell(kind="close", reference="t-1", outcome="cancelled", reason="5", event_id="2")

    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    payment = Payment.objects.get()
    assert (payment.status, payment.reason) == ("failed", "3")
    assert states(order)[1] == "unpaid"
    assert opened(order)["refusal"] == "closed"


def test_cancelling_a_paid_one_gives_everything_back(order):
    opened(order)
    tell(kind="settle", reference="t-1", is_final=False)
    first = tell(kind="cancel", reference="t-1", reason="5")
    again = tell(kind="cancel", reference="t-1", reason="5")

    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert states(order) == (["refunded"], "refunded")
    assert (order.paid_total, order.status) == (0, "placed")
    assert tell(kind="settle", reference="t-1", is_final=False)["refusal"] == "closed"
    assert reviews() == ["refunded_outside"]


def test_goods_on_their_way_are_not_given_back(order):
    opened(order)
    tell(kind="settle", reference="t-1", is_final=False)
    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff")

    assert tell(kind="cancel", reference="t-1", reason="5")["refusal"] == "not_refundable"
    assert states(order) == (["paid"], "paid")


def test_sums_that_went_back_are_counted_once(order):
    payment = started(order)
    tell("late", kind="settle", payment_id=str(payment.pk))
    settle_down()
    for number, total in enumerate(("30000", "30000", "100000", "100000")):
        event = {"payment_id": str(payment.pk), "amount": total, "event_id": f"r-{number}"}
        tell("late", kind="reverse", **event)
        settle_down()

    assert states(order) == (["refunded"], "refunded")
    assert [one.amount for one in Refund.objects.order_by("created_at")] == [30000, 70000]


def test_more_than_came_cannot_have_gone_back(order):
    payment = started(order)
    tell("late", kind="settle", payment_id=str(payment.pk))
    tell("late", kind="reverse", payment_id=str(payment.pk), amount="100000.01")
    refund = {"payment_id": str(payment.pk), "amount": "100001", "refund_reference": "re_1"}
    tell("late", kind="refund", **refund)
    settle_down()

    assert states(order) == (["paid"], "paid")
    assert reviews() == ["wrong_amount", "wrong_amount"]


def test_a_refund_made_over_there_is_one_refund_whichever_news_comes_first(order, cups):
    orders = [order, sold(cups, number=2)]
    for turn, one in enumerate(orders):
        payment = started(one)
        tell("late", kind="settle", payment_id=str(payment.pk))
        settle_down()
        news = [
            {"kind": "reverse", "amount": "40000"},
            {"kind": "refund", "amount": "40000", "refund_reference": f"re_{turn}"},
        ]
        for event in news if turn else reversed(news):
            tell("late", payment_id=str(payment.pk), event_id=f"{turn}{event['kind']}", **event)
            settle_down()
        assert states(one) == (["partially_refunded"], "partially_refunded")
        assert one.paid_total == 60000
        assert payment.refunds.get().reference == f"re_{turn}"


def test_a_refund_that_fails_in_the_end_brings_the_money_back(order):
    payment = started(order)
    tell("late", kind="settle", payment_id=str(payment.pk))
    refund = {"payment_id": str(payment.pk), "amount": "100000", "refund_reference": "re_1"}
    tell("late", kind="refund", event_id="1", **refund)
    settle_down()
    assert states(order) == (["refunded"], "refunded")

    tell("late", kind="refund", event_id="2", refund_status="failed", **refund)
    settle_down()

    assert states(order) == (["paid"], "paid")
    assert reviews() == ["refund_failed"]


def test_news_of_a_refund_that_overtook_the_money_waits_for_it(order):
    payment = started(order)
    refund = {"payment_id": str(payment.pk), "amount": "100000", "refund_reference": "re_1"}
    tell("late", kind="refund", **refund)
    tell("late", kind="settle", payment_id=str(payment.pk))
    settle_down()

    assert states(order) == (["refunded"], "refunded")
    assert reviews() == []


def test_news_of_a_refund_makes_us_ask_for_the_money(order):
    payment = started(order)
    settled = Event(event_id="asked", kind="settle", payment_id=str(payment.pk))
    PLAYED["look_up"][str(payment.pk)] = [settled]

    tell("late", kind="refund", payment_id=str(payment.pk), amount="1", refund_reference="re_1")
    settle_down()

    assert states(order) == (["partially_refunded"], "partially_refunded")


# --- starting ------------------------------------------------------------------------------------


def test_an_attempt_that_the_gateway_did_not_answer_is_asked_for_again(order):
    PLAYED["start"] = BackendError()
    with pytest.raises(BackendError):
        started(order)
    PLAYED["start"] = None

    payment, is_new = start_payment(order.pk, provider="late")

    assert not is_new
    assert payment.redirect_url == f"https://pay.example/{payment.pk}"
    assert Payment.objects.count() == 1


def test_an_attempt_that_the_gateway_refused_is_over(order):
    PLAYED["start"] = StartRefused()
    with pytest.raises(StartRefused):
        started(order)
    assert states(order) == (["failed"], "unpaid")

    PLAYED["start"] = None
    started(order)
    assert states(order) == (["failed", "pending"], "pending")


def test_an_overdue_attempt_makes_room_for_a_new_one(order):
    first = started(order)
    make_old()

    second, is_new = start_payment(order.pk, provider="late")

    assert is_new
    assert second.pk != first.pk
    assert states(order) == (["expired", "pending"], "pending")


# --- time and orders that end --------------------------------------------------------------------


def test_attempts_end_with_their_time_after_the_gateway_was_asked(order, cups):
    other = sold(cups, number=2)
    first = started(order)
    started(other)
    PLAYED["close"][str(first.pk)] = [
        Event(event_id="asked", kind="settle", payment_id=str(first.pk))
    ]
    make_old()

    assert expire_payments() == 1
    assert (states(order), states(other)) == ((["paid"], "paid"), (["expired"], "unpaid"))
    assert expire_payments() == 0


def test_a_cancelled_order_calls_its_attempts_back(order):
    started(order)
    opened(order)
    cancel_order(order.pk, by="customer")
    settle_down()

    assert states(order) == (["cancelled", "cancelled"], "unpaid")


def test_what_cannot_be_called_back_stays_open_for_its_money(order):
    payment = started(order)
    PLAYED["close"][str(payment.pk)] = [
        Event(event_id="n", kind="note", payment_id=str(payment.pk))
    ]
    cancel_order(order.pk, by="customer")
    settle_down()

    assert states(order) == (["pending"], "pending")


def test_a_gateway_is_asked_about_attempts_that_went_quiet(order):
    payment = started(order)
    PLAYED["look_up"][str(payment.pk)] = [
        Event(event_id="asked", kind="settle", payment_id=str(payment.pk))
    ]
    assert reconcile() == 0  # too young

    Payment.objects.update(started_at=F("started_at") - timedelta(minutes=11))
    assert (reconcile(), reconcile()) == (1, 0)
    assert states(order) == (["paid"], "paid")


def test_staff_ask_at_once(order):
    payment = started(order)
    PLAYED["look_up"][str(payment.pk)] = [
        Event(event_id="asked", kind="settle", payment_id=str(payment.pk))
    ]

    assert recheck(payment.pk).status == "paid"


def test_a_message_that_was_stored_and_not_judged_is_judged_by_the_job(order):
    payment = started(order)
    tell("late", kind="settle", payment_id=str(payment.pk))
    assert states(order) == (["pending"], "pending")

    assert handle_all() == 1
    assert states(order) == (["paid"], "paid")
    assert handle_all() == 0


def test_a_fiscal_receipt_is_kept_corrected_and_shown(order, as_staff, django_assert_num_queries):
    opened(order)
    given = {"kind": "payment", "fiscal_sign": "1", "qr_code_url": "https://x.example/1"}
    tell(kind="receipt", reference="t-1", receipt=given)
    tell(kind="receipt", reference="t-1", receipt={**given, "fiscal_sign": "2"}, event_id="2")

    receipt = Receipt.objects.get()
    assert (receipt.fiscal_sign, receipt.qr_code_url) == ("2", "https://x.example/1")
    path = f"/api/v1/orders/{order.number}/payments/"
    for _more in range(2):
        Payment.objects.create(
            order=order, provider="offline", status="failed", amount=1, currency="UZS"
        )
    with django_assert_num_queries(3):
        shown = as_staff.get(path).json()[0]["receipts"]
    assert shown == [
        {
            "kind": "payment",
            "receipt_id": "",
            "fiscal_sign": "2",
            "terminal_id": "",
            "qr_code_url": "https://x.example/1",
            "date": "",
        }
    ]


def test_the_statement_has_the_opened_ones_of_the_period_in_order(order, cups, monkeypatch):
    others = [sold(cups, number=number) for number in (2, 3, 4)]
    started(others[2], "answers")
    for number, one in enumerate((order, *others[:2])):
        opened(one, reference=f"t-{number}", at=3000 - 1000 * number)
    seen = []
    monkeypatch.setattr(
        "tests.payments.gateway.Scripted.answer_callback",
        lambda self, event, outcome: seen.extend(outcome.payments),
    )

    receive(
        "answers",
        Callback(
            headers={"x-word": "sesame"},
            body=json.dumps(
                {"event_id": "", "kind": "statement", "since": 1000, "until": 2999}
            ).encode(),
        ),
    )

    assert [one.reference for one in seen] == ["t-2", "t-1"]
    assert [one.order_number for one in seen] == [others[1].number, others[0].number]
