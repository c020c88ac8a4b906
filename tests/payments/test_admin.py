"""What staff see of money, and what they may do about it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from shopkit.orders.services import cancel_order
from shopkit.payments.backends.base import Event
from shopkit.payments.errors import Unsupported
from shopkit.payments.models import GatewayEvent, Payment, PaymentReview, Receipt, Refund
from shopkit.payments.services import refund_order, start_payment

from .conftest import settle_down, tell
from .gateway import PLAYED, sold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(cups, gateways):
    """A payment of 100 000 of which nothing was heard yet."""
    return start_payment(sold(cups).pk, provider="late")[0]


def page(model, *parts):
    return reverse(f"admin:shopkit_payments_{model._meta.model_name}_{parts[0]}", args=parts[1:])


def act(client, model, name, *rows):
    chosen = {"action": name, "_selected_action": [str(one.pk) for one in rows]}
    return client.post(page(model, "changelist"), chosen, follow=True)


def pay(payment):
    tell("late", kind="settle", payment_id=str(payment.pk), data={"id": "evt_1", "note": "<b>"})
    settle_down()


def test_everything_about_a_payment_is_on_its_page(admin_client, payment):
    pay(payment)
    refund_order(payment.order_id, reason="broken")
    Receipt.objects.create(payment=payment, kind="payment", fiscal_sign="777")

    shown = admin_client.get(page(Payment, "change", payment.pk)).content.decode()

    assert "broken" in shown
    assert "777" in shown
    assert '<input type="submit"' not in shown


def test_a_message_is_shown_readable_and_escaped(admin_client, payment):
    pay(payment)
    event = GatewayEvent.objects.get()

    shown = admin_client.get(page(GatewayEvent, "change", event.pk)).content.decode()

    assert "evt_1" in shown
    assert "&lt;b&gt;" in shown
    assert admin_client.get(page(GatewayEvent, "changelist")).status_code == 200


@pytest.mark.parametrize("model", [GatewayEvent, Refund, PaymentReview])
def test_nobody_adds_or_deletes_by_hand(admin_client, payment, model):
    assert admin_client.get(page(model, "add")).status_code == 403
    assert admin_client.get(page(model, "changelist")).status_code == 200


def test_staff_ask_the_gateway(admin_client, payment):
    PLAYED["look_up"][str(payment.pk)] = [
        Event(event_id="asked", kind="settle", payment_id=str(payment.pk))
    ]

    answer = act(admin_client, Payment, "ask_gateway", payment)

    assert "✓" in answer.content.decode()
    payment.refresh_from_db()
    assert payment.status == "paid"


def test_staff_give_the_rest_back(admin_client, payment):
    pay(payment)

    act(admin_client, Payment, "give_back", payment)
    again = act(admin_client, Payment, "give_back", payment)

    payment.refresh_from_db()
    assert (payment.status, Refund.objects.get().actor.username) == ("refunded", "admin")
    assert "This is more than can be given back." in again.content.decode()


def test_staff_confirm_what_they_did_by_hand(admin_client, payment):
    pay(payment)
    PLAYED["refund"] = Unsupported()
    refund = refund_order(payment.order_id)

    act(admin_client, Refund, "done_by_hand", refund)
    act(admin_client, PaymentReview, "done", PaymentReview.objects.get())

    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert PaymentReview.objects.get().closed_by.username == "admin"
    assert admin_client.get(page(PaymentReview, "changelist") + "?state=open").status_code == 200


def test_staff_send_or_withdraw_what_waits(admin_client, payment, cups):
    other = start_payment(sold(cups, number=2).pk, provider="late")[0]
    for one in (payment, other):
        pay(one)
        cancel_order(one.order_id, by="customer")
    settle_down()

    act(admin_client, Refund, "send_now", Refund.objects.get(payment=payment))
    act(admin_client, Refund, "withdraw", Refund.objects.get(payment=other))

    statuses = Refund.objects.order_by("created_at").values_list("status", flat=True)
    assert [*statuses] == ["succeeded", "withdrawn"]


def test_staff_judge_a_message_that_waits(admin_client, payment):
    tell("late", kind="settle", payment_id=str(payment.pk))

    act(admin_client, GatewayEvent, "judge_again", GatewayEvent.objects.get())

    payment.refresh_from_db()
    assert payment.status == "paid"


def test_who_may_only_look_may_only_look(client, staff, payment):
    pay(payment)
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(
        Permission.objects.filter(codename__in=["view_payment", "view_refund"])
    )
    client.force_login(staff)

    shown = client.get(page(Payment, "changelist")).content.decode()
    act(client, Payment, "give_back", payment)

    assert "give_back" not in shown
    assert not Refund.objects.exists()
