"""Gateways, customers, staff and clocks at once: every effect once, in whatever order."""

import os
import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.db.models.functions import Now

from shopkit.core.facts import deliver_due
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import StockItem
from shopkit.orders.models import Order
from shopkit.orders.services import cancel_order, expire_orders
from shopkit.payments.backends.base import RefundRequest
from shopkit.payments.errors import RefundTooLarge
from shopkit.payments.models import GatewayEvent, Payment, Refund
from shopkit.payments.providers import backend_of
from shopkit.payments.services import receiving, refund_order, start_payment
from shopkit.payments.services.snapshots import snapshot_of
from tests.threads import at_once, kinds

from .conftest import settle_down, tell
from .gateway import LEDGER, sold

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.race]

PAYMENTS = 200
ROUNDS = 10
ORDERS = int(os.environ.get("SHOPKIT_STORM_ORDERS", "10"))  # in each round; a long run takes 100


def news_of(payment, *, turn):
    """Return what the gateway tells about a payment: some are never paid, some go back in part."""
    mine = {"payment_id": str(payment.pk), "reference": f"cs_{payment.pk}"}
    paid = {"kind": "settle", "amount": str(payment.amount), "currency": "UZS", **mine}
    expired = {"kind": "close", "outcome": "expired", **mine}
    told = {
        0: [paid],
        1: [expired],
        2: [paid, {**paid, "other_reference": f"pi_{payment.pk}"}, expired],
        3: [paid, {"kind": "reverse", "amount": "40000", **mine}],
        4: [
            paid,
            {"kind": "reverse", "amount": "30000", **mine},
            {"kind": "refund", "amount": "30000", "refund_reference": f"re_{turn}", **mine},
        ],
    }[turn % 5]
    return [{"event_id": f"{payment.pk}-{number}", **one} for number, one in enumerate(told)]


def begin(cups, *, first):
    """Sell two hundred orders and begin to pay each."""
    orders = [sold(cups, number=first + turn) for turn in range(PAYMENTS)]
    return [start_payment(order.pk, provider="late")[0] for order in orders]


def deliver(calls):
    """Let the gateway call, while a worker judges now and then."""
    for number, event in enumerate(calls):
        tell("late", **event)
        if number % 7 == 0:
            deliver_due()


def books(payments):
    """Return what the payments and their orders came to."""
    rows = Payment.objects.select_related("order").in_bulk([one.pk for one in payments])
    found = [rows[one.pk] for one in payments]
    return [
        (one.status, one.captured, one.refunded, one.refunds.count(),
         one.order.status, one.order.payment_status, one.order.paid_total, one.order.refund_due)
        for one in found
    ]  # fmt: skip


def test_two_hundred_payments_end_alike_in_any_order_and_number(cups, gateways):
    in_turn, at_random = begin(cups, first=0), begin(cups, first=1000)
    deliver([event for turn, one in enumerate(in_turn) for event in news_of(one, turn=turn)])
    settle_down()

    chance = random.Random(20261126)
    news = [event for turn, one in enumerate(at_random) for event in news_of(one, turn=turn)]
    calls = [event for event in news for _copy in range(chance.randint(1, 8))]
    chance.shuffle(calls)
    outcomes = at_once([lambda part=calls[start::16]: deliver(part) for start in range(16)])
    settle_down()

    assert kinds(outcomes) == {"ok": 16}
    assert books(at_random) == books(in_turn)
    statuses = [one[0] for one in books(in_turn)]
    assert {one: statuses.count(one) for one in set(statuses)} == {
        "paid": 80,
        "expired": 40,
        "partially_refunded": 80,
    }
    mine = GatewayEvent.objects.filter(payment__in=at_random)
    assert not GatewayEvent.objects.filter(handled_at=None).exists()
    assert (mine.count(), mine.aggregate(Sum("deliveries"))["deliveries__sum"]) == (
        len(news),
        len(calls),
    )
    assert_books_balance()


def test_expiry_money_and_cancelling_at_one_moment_agree(cups, gateways):
    """Ten rounds of orders, the three in a different order every time."""
    for turn in range(ROUNDS):
        orders = [sold(cups, number=turn * 1000 + one) for one in range(ORDERS)]
        payments = [start_payment(one.pk, provider="late")[0] for one in orders]
        Order.objects.filter(pk__in=[one.pk for one in orders]).update(
            expires_at=Now() - timedelta(seconds=1)
        )
        calls = [expire_orders]
        for order, payment in zip(orders, payments, strict=True):
            event = {"kind": "settle", "payment_id": str(payment.pk), "event_id": str(payment.pk)}
            calls += [
                lambda event=event: (tell("late", **event), deliver_due()),
                lambda event=event: (tell("late", **event), deliver_due()),
                lambda order=order: cancel_order(order.pk, by="customer"),
            ]
        random.Random(turn).shuffle(calls)
        assert kinds(at_once(calls)) == {"ok": len(calls)}
        settle_down()

    assert {*Payment.objects.values_list("status", flat=True)} == {"paid"}
    for order in Order.objects.all():
        # Everybody was cancelled in the end, and whoever paid is owed all of it, once.
        assert (order.status, order.payment_status) == ("cancelled", "paid")
        assert order.refund_due == order.paid_total == order.total
        planned = Refund.objects.filter(payment__order=order, status="queued")
        assert [one.amount for one in planned] == [order.total]
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (10_000, 0)
    assert_books_balance()


def test_fifty_refunds_at_once_give_back_no_more_than_came(cups, gateways, staff):
    order = sold(cups)
    payment, _is_new = start_payment(order.pk, provider="late")
    tell("late", kind="settle", payment_id=str(payment.pk))
    settle_down()

    # Three times what came: fifty of 6 000 each of 100 000.
    outcomes = at_once([lambda: refund_order(order.pk, amount=Decimal(6000))] * 50)

    assert kinds(outcomes) == {"ok": 16, "RefundTooLarge": 34}
    assert all(isinstance(one, (Refund, RefundTooLarge)) for one in outcomes)
    payment.refresh_from_db()
    assert payment.refunded == LEDGER[str(payment.pk)] == Decimal(96_000)
    order.refresh_from_db()
    assert (order.paid_total, order.payment_status) == (Decimal(4_000), "partially_refunded")
    assert_books_balance()


def test_without_the_lock_more_goes_back_than_came(cups, gateways, monkeypatch):
    """The naive form: what is left is read, then the gateway is asked, then it is written down."""
    order = sold(cups)
    payment, _is_new = start_payment(order.pk, provider="late")
    tell("late", kind="settle", payment_id=str(payment.pk))
    settle_down()

    def naive(number):
        row = Payment.objects.get(pk=payment.pk)
        if row.captured - row.refunded < 6000:
            return
        request = RefundRequest(
            refund_id=f"naive-{number}",
            payment=snapshot_of(row, order_number=order.number),
            amount=Decimal(6000),
            currency="UZS",
        )
        backend_of("late").refund(request)
        Payment.objects.filter(pk=row.pk).update(refunded=row.refunded + 6000)

    at_once([lambda number=number: naive(number) for number in range(50)])

    assert LEDGER[str(payment.pk)] > 100_000
    Payment.objects.filter(pk=payment.pk).update(refunded=0)


def test_twenty_openings_of_one_transaction_are_one(cups, gateways):
    order = sold(cups)
    event = {"kind": "open", "reference": "t-1", "order_number": order.number, "amount": "100000"}

    told = at_once([lambda: tell(**event)] * 20)

    assert [one["refusal"] for one in told] == [""] * 20
    assert len({(one["serial"], one["opened_at"]) for one in told}) == 1
    assert sum(not one["is_repeat"] for one in told) == 1


def test_twenty_transactions_for_one_order_open_one(cups, gateways):
    order = sold(cups)
    event = {"kind": "open", "order_number": order.number, "amount": "100000"}

    told = at_once([lambda one=one: tell(reference=f"t-{one}", **event) for one in range(20)])

    assert sorted(one["refusal"] for one in told) == [""] + ["busy"] * 19


def test_a_message_is_judged_once_by_many_workers(cups, gateways, monkeypatch):
    order = sold(cups)
    payment, _is_new = start_payment(order.pk, provider="late")
    tell("late", kind="settle", payment_id=str(payment.pk))
    judged = []
    real = receiving.judge
    monkeypatch.setattr(receiving, "judge", lambda case: judged.append(1) or real(case))
    event = GatewayEvent.objects.get()

    assert kinds(at_once([lambda: receiving.handle(event.pk)] * 20)) == {"ok": 20}
    assert judged == [1]
