"""A shop that signs people in by itself tells them about their orders by mail and inbox."""

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command

from shopkit.notifications.models import Message
from shopkit.orders.models import Order
from shopkit.orders.services import move_order
from shopkit.payments.services import confirm_refund, mark_paid, refund_order
from tests.orders.conftest import cup, fill, place

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        apps.is_installed("shopkit.accounts"),
        reason="run with DJANGO_SETTINGS_MODULE=tests.sites.goods_notified.settings",
    ),
]
__all__ = ["cup"]


def test_the_site_passes_its_checks_and_misses_no_migration():
    call_command("check", "--fail-level", "WARNING")
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_customer_is_told_at_the_address_of_the_sites_own_user_model(as_user, user, cup):
    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]
    order = Order.objects.get(number=number)
    mark_paid(order.pk)
    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff", tracking_number="RR1")

    assert [one.to for one in mail.outbox] == [[user.email]] * 3
    assert set(Message.objects.values_list("channel", "state")) == {("email", "sent")}
    rows = as_user.get("/api/v1/notifications/").json()["results"]
    assert [row["kind"] for row in rows] == ["order_shipped", "order_paid", "order_placed"]


def test_the_staff_are_told_by_mail(as_user, cup, settings):
    told = {"STAFF_EMAILS": ["boss@example.com"]}
    settings.SHOPKIT = {**settings.SHOPKIT, "NOTIFICATIONS": told}
    fill(as_user, (cup, 6))
    place(as_user)

    subjects = [one.subject for one in mail.outbox if one.to == ["boss@example.com"]]
    assert [one.split()[0] for one in subjects] == ["Low", "New"]


def test_money_that_goes_back_is_told_to_the_customer_and_what_it_takes_to_the_staff(
    as_user, user, cup, settings
):
    told = {"STAFF_EMAILS": ["boss@example.com"]}
    settings.SHOPKIT = {**settings.SHOPKIT, "NOTIFICATIONS": told}
    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]
    order = Order.objects.get(number=number)
    mark_paid(order.pk)
    mail.outbox.clear()

    confirm_refund(refund_order(order.pk).pk)

    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["boss@example.com"], f"Money to look at: {number}"),
        ([user.email], f"Money returned for order {number}"),
    ]
