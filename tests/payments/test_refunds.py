"""Money that goes back: by staff, by itself, by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.db.models.functions import Now

from shopkit.core.errors import BackendError
from shopkit.core.testing import assert_books_balance
from shopkit.orders.services import cancel_order
from shopkit.payments.backends.base import Refunded
from shopkit.payments.errors import NotRefundable, Unsupported
from shopkit.payments.models import Payment, PaymentReview, Refund
from shopkit.payments.services import (
    confirm_refund,
    mark_paid,
    pay_back,
    refund_order,
    send_due_refunds,
    send_refund,
    start_payment,
    withdraw_refund,
)
from tests.orders.conftest import API

from .conftest import settle_down, tell
from .gateway import GIVEN, LEDGER, PLAYED, sold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(cups, gateways):
    """An order of 100 000 that was paid through a gateway."""
    return paid(sold(cups))


@pytest.fixture(autouse=True)
def _books_balance():
    yield
    assert_books_balance("payments", "orders", "inventory")


def paid(order, provider="late"):
    payment, _is_new = start_payment(order.pk, provider=provider)
    tell(provider, kind="settle", payment_id=str(payment.pk))
    settle_down()
    order.refresh_from_db()
    return order


def post(client, order, key="", **body):
    headers = {"Idempotency-Key": key} if key else {}
    body.setdefault("reason", "broken")
    return client.post(f"{API}orders/{order.number}/refunds/", body, format="json", headers=headers)


def state(order):
    order.refresh_from_db()
    payment = order.payments.get()
    return payment.status, order.payment_status, order.paid_total, order.refund_due


def test_staff_give_a_part_and_then_the_rest(as_staff, order):
    first = post(as_staff, order, amount="30000")
    rest = post(as_staff, order)

    assert (first.status_code, rest.status_code) == (201, 201)
    assert first.json() == {
        "id": str(Refund.objects.order_by("created_at").first().pk),
        "payment_id": str(Payment.objects.get().pk),
        "amount": "30000.00",
        "currency": "UZS",
        "status": "succeeded",
        "reason": "broken",
    }
    assert rest.json()["amount"] == "70000.00"
    assert state(order) == ("refunded", "refunded", 0, 0)
    assert LEDGER[str(Payment.objects.get().pk)] == 100_000


def test_a_refund_with_one_key_is_one_refund(as_staff, order):
    first, again = (post(as_staff, order, key="k", amount="30000") for _ in range(2))

    assert (first.status_code, first.content) == (201, again.content)
    assert LEDGER.total() == 30_000
    assert post(as_staff, order, key="k", amount="40000").status_code == 422


@pytest.mark.parametrize("amount", ["100000.01", "200000"])
def test_more_than_came_is_refused(as_staff, order, amount):
    refused = post(as_staff, order, amount=amount)

    assert (refused.status_code, refused.json()["code"]) == (409, "refund_too_large")
    assert refused.json()["refundable"] == "100000.00"
    assert not Refund.objects.exists()


@pytest.mark.parametrize("body", [{"amount": "0"}, {"amount": "-1"}, {"amount": "x"}, {"sum": "1"}])
def test_malformed_refunds_change_nothing(as_staff, order, body):
    assert post(as_staff, order, **body).status_code == 400
    assert not Refund.objects.exists()


def test_an_unpaid_order_has_nothing_to_give_back(as_staff, cups, gateways):
    refused = post(as_staff, sold(cups))

    assert (refused.status_code, refused.json()["code"]) == (409, "not_refundable")


def test_only_staff_with_the_permission_refund(client, as_user, order):
    assert post(client, order).status_code == 401
    assert post(as_user, order).status_code == 403
    assert not Refund.objects.exists()


def test_a_payment_of_another_order_is_not_refunded(as_staff, order, cups):
    other = paid(sold(cups, number=2))

    refused = post(as_staff, order, payment_id=str(other.payments.get().pk))

    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "payment_id")
    assert not Refund.objects.exists()


def test_which_of_two_payments_is_meant_has_to_be_said(as_staff, order):
    payment = Payment.objects.create(
        order=order, provider="answers", amount=Decimal(100000), currency="UZS"
    )
    tell(kind="settle", payment_id=str(payment.pk))

    assert post(as_staff, order).json()["errors"][0]["attr"] == "payment_id"
    assert post(as_staff, order, payment_id=str(payment.pk)).status_code == 201
    assert LEDGER == {str(payment.pk): 100_000}


def test_a_gateway_that_cannot_leaves_a_task_for_a_person(staff, order):
    PLAYED["refund"] = Unsupported()
    refund = refund_order(order.pk)
    assert (refund.status, PaymentReview.objects.get().code) == ("by_hand", "refund_by_hand")
    assert state(order)[0] == "paid"

    confirm_refund(refund.pk, reference="bank-7", actor=staff)

    assert state(order) == ("refunded", "refunded", 0, 0)
    with pytest.raises(NotRefundable):
        confirm_refund(refund.pk)
    assert Refund.objects.get().reference == "bank-7"


def test_an_unanswered_refund_is_asked_for_again_with_the_same_id(order):
    PLAYED["refund"] = BackendError()
    refund = refund_order(order.pk)
    assert (refund.status, LEDGER.total()) == ("pending", 100_000)
    assert send_due_refunds() == 0  # not yet

    PLAYED["refund"] = None
    Refund.objects.update(due_at=Now())
    assert send_due_refunds() == 1

    assert state(order) == ("refunded", "refunded", 0, 0)
    assert (LEDGER.total(), len(GIVEN)) == (100_000, 1)


def test_pauses_between_tries_grow(order):
    PLAYED["refund"] = BackendError()
    refund = refund_order(order.pk)
    pauses = []
    for _try in range(3):
        refund.refresh_from_db()
        pauses.append(refund.due_at)
        Refund.objects.update(due_at=Now())
        send_refund(refund.pk)

    refund.refresh_from_db()
    assert refund.attempts == 4
    assert pauses[1] - pauses[0] >= timedelta(minutes=4)


def test_a_refused_refund_is_for_a_person_and_its_amount_free_again(order):
    PLAYED["refund"] = Refunded(status="failed", reason="insufficient_funds")
    refund = refund_order(order.pk)

    assert (refund.status, refund.failure) == ("failed", "insufficient_funds")
    assert PaymentReview.objects.get().code == "refund_failed"
    payment = Payment.objects.get()
    assert (payment.status, payment.refundable) == ("paid", Decimal(100000))


def test_a_refund_on_its_way_ends_with_its_news(order):
    PLAYED["refund"] = Refunded(status="pending", reference="re_1")
    refund = refund_order(order.pk)
    assert (refund.status, state(order)[0]) == ("pending", "paid")

    event = {"payment_id": str(Payment.objects.get().pk), "refund_reference": "re_1"}
    tell("late", kind="refund", amount="100000", **event)
    settle_down()

    assert state(order) == ("refunded", "refunded", 0, 0)


def test_money_of_a_cancelled_order_waits_for_a_person_and_then_goes_back(order):
    cancel_order(order.pk, by="customer")
    settle_down()
    assert state(order) == ("paid", "paid", Decimal(100000), Decimal(100000))
    assert send_due_refunds() == 0

    Refund.objects.update(due_at=F("due_at") - timedelta(minutes=15))
    assert send_due_refunds() == 1

    assert state(order) == ("refunded", "refunded", 0, 0)
    assert LEDGER.total() == 100_000


def test_what_is_planned_can_be_done_at_once_or_withdrawn(order, cups):
    other = paid(sold(cups, number=2))
    for one in (order, other):
        cancel_order(one.pk, by="customer")
    settle_down()
    withdraw_refund(Refund.objects.get(payment__order=other).pk)

    refund_order(order.pk)

    assert state(order) == ("refunded", "refunded", 0, 0)
    assert [*order.payments.get().refunds.values_list("status", flat=True)] == [
        "withdrawn",
        "succeeded",
    ]
    assert state(other) == ("paid", "paid", Decimal(100000), Decimal(100000))
    Refund.objects.update(due_at=Now())
    assert send_due_refunds() == 0


def test_cash_of_a_cancelled_order_is_given_back_by_hand(cups, gateways, staff):
    order = sold(cups)
    mark_paid(order.pk, actor=staff)
    cancel_order(order.pk, by="staff")
    settle_down()

    refund = Refund.objects.get()
    assert (refund.status, state(order)[3]) == ("by_hand", Decimal(100000))
    confirm_refund(refund.pk, actor=staff)
    assert state(order) == ("refunded", "refunded", 0, 0)


def test_a_site_may_leave_all_refunds_to_people(order, settings):
    settings.SHOPKIT["PAYMENTS"]["REFUND_AFTER"] = None
    settings.SHOPKIT = {**settings.SHOPKIT}
    cancel_order(order.pk, by="customer")
    settle_down()

    assert Refund.objects.get().status == "by_hand"


def test_telling_twice_that_money_is_owed_plans_one_refund(order):
    cancel_order(order.pk, by="customer")
    for _time in range(3):
        pay_back(order.pk)
    settle_down()

    assert Refund.objects.count() == 1
