"""Attempts to pay and money that staff received, over HTTP."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from shopkit.core.testing import assert_books_balance
from shopkit.orders.models import Order
from shopkit.payments import services
from shopkit.payments.backends.base import StartRequest
from shopkit.payments.backends.offline import OfflineBackend
from shopkit.payments.models import Payment
from shopkit.payments.testing import PaymentBackendContract
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them
from tests.threads import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


class TestOfflineBackend(PaymentBackendContract):
    """Cash on delivery keeps the contract of all gateways."""

    @pytest.fixture
    def backend(self):
        return OfflineBackend()


@pytest.fixture
def order(as_user, cup):  # noqa: F811
    """An order of 100 000."""
    fill(as_user, (cup, 2))
    return place(as_user).json()


def payments_of(order):
    return f"{API}orders/{order['number']}/payments/"


def mark_paid(client, order, **body):
    return client.post(f"{API}orders/{order['number']}/mark-paid/", body, format="json")


def test_the_ways_to_pay_are_listed_for_anyone(client):
    assert client.get(f"{API}payments/providers/").json() == [
        {
            "code": "offline",
            "name": "Cash on delivery",
            "kind": "offline",
            "currencies": [],
            "window_minutes": None,
        }
    ]


def test_an_attempt_begins_once_and_is_answered_again(as_user, order):
    first = as_user.post(payments_of(order), {"provider": "offline"}, format="json")
    again = as_user.post(payments_of(order), {"provider": "offline"}, format="json")

    assert (first.status_code, again.status_code) == (201, 200)
    assert (
        first.json()
        == again.json()
        == {
            "id": str(Payment.objects.get().pk),
            "provider": "offline",
            "status": "pending",
            "amount": "100000.00",
            "currency": "UZS",
            "redirect_url": None,
            "client_secret": None,
            "expires_at": None,
            "receipts": [],
        }
    )
    assert as_user.get(payments_of(order)).json() == [first.json()]
    shown = as_user.get(f"{API}orders/{order['number']}/").json()
    assert (shown["payment_status"], shown["can_pay"]) == ("pending", True)


def test_a_key_replays_the_first_answer_even_after_the_attempt_ended(as_user, as_staff, order):
    headers = {"Idempotency-Key": "k-1"}
    body = {"provider": "offline"}
    first = as_user.post(payments_of(order), body, format="json", headers=headers)
    mark_paid(as_staff, order)

    again = as_user.post(payments_of(order), body, format="json", headers=headers)

    assert (again.status_code, again.content) == (201, first.content)
    assert as_user.post(payments_of(order), body, format="json").json()["code"] == "already_paid"


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "provider"),
        ({"provider": "gold"}, "provider"),
        ({"provider": "offline", "amount": "1.00"}, "amount"),
        ({"provider": "offline", "return_url": "https://evil.example/x"}, "return_url"),
        ({"provider": "offline", "cancel_url": "javascript:alert(1)"}, "cancel_url"),
    ],
)
def test_malformed_starts_change_nothing(as_user, order, body, attr):
    answer = as_user.post(payments_of(order), body, format="json")

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [attr]
    assert not Payment.objects.exists()
    assert Order.objects.get().payment_status == "unpaid"


def test_own_and_allowed_hosts_may_be_returned_to(as_user, order, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "PAYMENTS": {"RETURN_HOSTS": ("shop.example",)}}
    urls = {"return_url": "http://localhost:8000/thanks", "cancel_url": "https://shop.example/cart"}

    answer = as_user.post(
        payments_of(order),
        {"provider": "offline", **urls},
        format="json",
        headers={"Host": "localhost:8000"},
    )

    assert answer.status_code == 201


def test_strangers_neither_start_nor_see_payments(client, order):
    stranger = APIClient()
    stranger.force_authenticate(get_user_model().objects.create_user("mallory"))

    assert client.get(payments_of(order)).status_code == 401
    assert client.post(payments_of(order), {"provider": "offline"}).status_code == 401
    assert stranger.get(payments_of(order)).status_code == 404
    assert stranger.post(payments_of(order), {"provider": "offline"}).status_code == 404
    assert not Payment.objects.exists()


def test_money_received_pays_the_order_once(as_user, as_staff, staff, order):
    as_user.post(payments_of(order), {"provider": "offline"}, format="json")

    first = mark_paid(as_staff, order, reference="receipt 7", amount="100000.00")
    again = mark_paid(as_staff, order)

    assert first.status_code == 200
    assert (first.json()["payment_status"], first.json()["can_pay"]) == ("paid", False)
    assert first.json()["expires_at"] is None
    assert (again.status_code, again.json()["code"]) == (409, "already_paid")
    payment = Payment.objects.get()
    assert (payment.status, payment.captured, payment.reference, payment.actor) == (
        "paid",
        Decimal(100_000),
        "receipt 7",
        staff,
    )
    assert payment.paid_at is not None
    assert Order.objects.get().paid_total == Decimal(100_000)


@pytest.mark.parametrize("amount", ["99999.99", "100000.01", "0.00"])
def test_only_the_exact_amount_pays(as_staff, order, amount):
    answer = mark_paid(as_staff, order, amount=amount)

    assert (answer.status_code, answer.json()["code"]) == (409, "amount_mismatch")
    assert (answer.json()["due"], answer.json()["given"]) == ("100000.00", amount)
    assert not Payment.objects.exists()
    assert Order.objects.get().payment_status == "unpaid"


@pytest.mark.parametrize("amount", ["1.001", "-1", "NaN", "1e30", "x"])
def test_amounts_that_are_none_are_malformed(as_staff, order, amount):
    assert mark_paid(as_staff, order, amount=amount).status_code == 400
    assert Order.objects.get().payment_status == "unpaid"


def test_a_cancelled_order_takes_no_money(as_user, as_staff, order):
    as_user.post(f"{API}orders/{order['number']}/cancel/")

    for answer in (
        mark_paid(as_staff, order),
        as_user.post(payments_of(order), {"provider": "offline"}, format="json"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "order_cancelled")
    assert not Payment.objects.exists()


def test_cancelling_a_paid_order_owes_its_money_back(as_user, as_staff, order):
    mark_paid(as_staff, order)

    cancelled = as_user.post(f"{API}orders/{order['number']}/cancel/").json()

    assert (cancelled["status"], cancelled["payment_status"]) == ("cancelled", "paid")
    assert cancelled["refund_due"] == "100000.00"
    assert_books_balance()


def test_customers_cannot_mark_their_orders_paid(client, as_user, order):
    assert mark_paid(client, order).status_code == 401
    assert mark_paid(as_user, order).status_code == 403
    assert Order.objects.get().payment_status == "unpaid"


def test_a_free_order_is_paid_without_a_payment(as_user, as_staff, cup):  # noqa: F811
    cup.price = 0
    cup.save()
    fill(as_user, (cup, 1))
    order = place(as_user).json()

    assert mark_paid(as_staff, order).json()["payment_status"] == "paid"
    assert not Payment.objects.exists()
    assert_books_balance("orders", "payments", "inventory")


@pytest.mark.race
def test_twenty_starts_at_once_begin_one_attempt(user, order):
    def start():
        client = APIClient()
        client.force_authenticate(user)
        answer = client.post(payments_of(order), {"provider": "offline"}, format="json")
        return answer.status_code

    outcomes = at_once([start] * 20)

    assert sorted(outcomes) == [200] * 19 + [201]
    assert Payment.objects.count() == 1
    assert_books_balance()


@pytest.mark.race
def test_money_marked_by_two_clerks_at_once_counts_once(staff, order):
    pk = Order.objects.get().pk

    outcomes = at_once([lambda: services.mark_paid(pk, actor=staff)] * 20)

    assert kinds(outcomes) == {"ok": 1, "AlreadyPaid": 19}
    assert Payment.objects.count() == 1
    assert Order.objects.get().paid_total == Decimal(100_000)
    assert_books_balance()


@pytest.mark.parametrize(
    "columns", [{"amount": 0}, {"captured": -1}, {"refunded": 1}, {"captured": 1, "refunded": 2}]
)
def test_the_database_refuses_impossible_money(as_user, order, columns):
    as_user.post(payments_of(order), {"provider": "offline"}, format="json")

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(**columns)


def test_a_backend_refuses_amounts_that_nobody_can_pay():
    for amount in (Decimal(0), Decimal(-1)):
        request = StartRequest(payment_id="1", order_number="A", amount=amount, currency="UZS")
        with pytest.raises(ValueError, match="amount"):
            OfflineBackend().start(request)


def test_staff_record_money_in_the_admin(admin_client: Client, order):
    pk = Order.objects.get().pk
    url = "/admin/shopkit_payments/payment/"

    assert admin_client.get(f"{url}add/").status_code == 200
    form = {"order": pk, "amount": "100000", "reference": "till 3"}
    wrong = admin_client.post(f"{url}add/", {**form, "amount": "99999"}, follow=True)
    assert "not the amount that is due" in wrong.content.decode()
    assert not Payment.objects.exists()
    saved = admin_client.post(f"{url}add/", form, follow=True)
    again = admin_client.post(f"{url}add/", form, follow=True)

    assert "added successfully" in saved.content.decode()
    assert "already paid" in again.content.decode()
    assert Order.objects.get().payment_status == "paid"
    assert Payment.objects.get().reference == "till 3"
    assert admin_client.get(url).status_code == 200
    assert admin_client.get(f"{url}{Payment.objects.get().pk}/change/").status_code == 200
