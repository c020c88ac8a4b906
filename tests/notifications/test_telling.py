"""Who is told what when something happens in the shop."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.accounts.models import Profile
from shopkit.accounts.services import register
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.inventory.services import adjust
from shopkit.notifications.models import Event, Message, Notification
from shopkit.notifications.services import Choice, change_preferences
from shopkit.notifications.services import orders as about_orders
from shopkit.orders.models import Order
from shopkit.orders.services import cancel_order, expire_orders, move_order
from shopkit.payments.services import mark_paid
from tests.orders.conftest import fill, place

from .conftest import STAFF_CHAT, reach, speak

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+998901234567"


@pytest.fixture
def anna(user):
    """A customer who is reached by every way."""
    return reach(user, email="anna@example.com", phone=PHONE, chat=4711)


@pytest.fixture
def order(as_user, anna, cup):
    """An order of anna's; what was told about it so far is forgotten."""
    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]
    mail.outbox.clear()
    Event.objects.all().delete()
    return Order.objects.get(number=number)


@pytest.fixture(autouse=True)
def _forget(chats, texts, request):
    if "order" in request.fixturenames:
        request.getfixturevalue("order")
        chats.clear()
        texts.clear()


def inbox(user):
    rows = Notification.objects.filter(user=user).order_by("pk")
    return list(rows.values_list("event__kind", flat=True))


def sent_by(kind):
    rows = Message.objects.filter(event__kind=kind).order_by("channel")
    return dict(rows.values_list("channel", "state"))


def test_an_order_is_confirmed_by_mail_and_telegram_and_in_the_inbox(
    as_user, anna, cup, chats, texts
):
    fill(as_user, (cup, 2))
    number = place(as_user).json()["number"]

    assert inbox(anna) == ["order_placed"]
    assert sent_by("order_placed") == {"email": "sent", "telegram": "sent"}
    [letter] = mail.outbox
    assert letter.to == ["anna@example.com"]
    assert letter.subject == f"We have received your order {number}"
    assert [(one["chat_id"], number in one["text"]) for one in chats] == [(4711, True)]
    assert "2 × " in chats[0]["text"]
    assert texts == []


def test_the_orders_own_language_goes_before_the_profiles(anna, cup, chats):
    speak(anna, "uz")
    russian = APIClient(headers={"Accept-Language": "ru"})
    russian.force_authenticate(anna)
    fill(russian, (cup, 1))
    number = place(russian).json()["number"]

    [letter] = mail.outbox
    assert letter.subject == f"Ваш заказ {number} принят"
    assert "Итого: 50 000 сум".replace(" 000 ", "\xa0000\xa0") in letter.body
    assert chats[0]["text"].startswith(f"Ваш заказ {number} принят\n\nСпасибо за ваш заказ")


def test_an_order_without_a_language_is_told_in_the_profiles(order, chats):
    Order.objects.filter(pk=order.pk).update(language="")
    speak(order.user, "kaa")

    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff", tracking_number="RR1")

    assert chats[0]["text"].startswith(f"{order.number} nomerli buyırtpa jolda")
    assert mail.outbox[0].subject == f"{order.number} nomerli buyırtpa jolda"


def test_sending_tells_the_tracking_number_and_spares_the_text_message(order, chats, texts):
    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff", tracking_number="RR123456789UZ")

    assert inbox(order.user) == ["order_shipped"]
    assert "RR123456789UZ" in mail.outbox[0].body
    assert "RR123456789UZ" in chats[0]["text"]
    assert texts == []


def test_who_has_no_chat_gets_the_text_message(as_user, user, cup, chats, texts):
    reach(user, phone=PHONE)
    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]
    order = Order.objects.get(number=number)

    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff", tracking_number="RR1")

    told = f"Order {number} is on its way. Tracking number: RR1"
    assert [(one.phone, one.text) for one in texts] == [(PHONE, told)]
    assert chats == []


def test_delivery_and_return_are_told(order):
    for step in ("processing", "shipped", "delivered", "returned"):
        move_order(order.pk, to=step, by="staff")

    assert inbox(order.user) == ["order_shipped", "order_delivered", "order_returned"]


def test_cancelling_a_paid_order_promises_the_money_back(order, chats):
    mark_paid(order.pk)
    cancel_order(order.pk, by="staff", reason="we are rude in here")

    assert inbox(order.user) == ["order_paid", "order_cancelled"]
    assert chats[-1]["text"].endswith("We will return UZS\xa050,000 to you.")
    assert "rude" not in str(chats) + str([one.body for one in mail.outbox])


def test_an_expired_order_says_why_it_is_cancelled(order, chats):
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    assert expire_orders() == 1

    assert "It was not paid in time." in chats[0]["text"]


def test_payment_is_told_to_the_customer_and_the_staff(order, chats, staff_chat):
    mark_paid(order.pk)

    assert inbox(order.user) == ["order_paid"]
    assert sorted(one["chat_id"] for one in chats) == [STAFF_CHAT, 4711]
    assert all("UZS\xa050,000" in one["text"] for one in chats)


def test_the_staff_are_told_of_an_order_by_chat_and_mail(
    as_user, anna, cup, chats, staff_chat, configure
):
    configure(STAFF_EMAILS=["boss@example.com"], STAFF_LANGUAGE="ru")
    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]

    [told] = [one for one in chats if one["chat_id"] == STAFF_CHAT]
    assert told["text"].startswith(f"Новый заказ {number}")
    assert "Anna Kim, Nukus" in told["text"]
    assert PHONE not in told["text"]
    assert [one.subject for one in mail.outbox if one.to == ["boss@example.com"]] == [
        f"Новый заказ {number}"
    ]
    assert set(Message.objects.values_list("recipient", flat=True)) == {
        f"user:{anna.pk}",
        "staff",
        "staff:boss@example.com",
    }


def test_low_stock_is_told_once_for_each_crossing(cup, chats, staff_chat):
    adjust(variant=cup.pk, delta=-5)  # 10 to 5: the mark
    adjust(variant=cup.pk, delta=-1)
    assert [one["text"].splitlines()[0] for one in chats] == [f"Low stock: {cup.full_name}"]

    adjust(variant=cup.pk, delta=+5)
    adjust(variant=cup.pk, delta=-6)
    assert len(chats) == 2
    assert chats[1]["text"].endswith("Left: 3")


def test_a_new_account_finds_one_welcome_and_gets_one_mail():
    user = register(username="aygul", password="demo-aygul-1234", email="aygul@example.com")
    deliver_all()

    assert inbox(user) == ["welcome"]
    assert not Message.objects.exists()
    assert len(mail.outbox) <= 1  # that of accounts, where the address is proven


def test_a_guest_is_told_by_mail_only_at_the_address_he_typed(cup, chats, texts):
    guest = APIClient()
    fill(guest, (cup, 1))
    contact = {"name": "Guest", "phone": PHONE, "email": "guest@example.com"}
    number = place(guest, contact=contact).json()["number"]
    order = Order.objects.get(number=number)
    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff")

    assert [one.to for one in mail.outbox] == [["guest@example.com"]] * 2
    assert texts == []
    assert chats == []
    assert set(Message.objects.values_list("recipient", "user")) == {(f"order:{number}", None)}
    assert not Notification.objects.exists()


def test_a_site_may_pay_for_text_messages_to_guests(cup, texts, configure):
    configure(GUEST_CHANNELS=["email", "sms"], ROUTES={"order_placed": ["sms"]})
    guest = APIClient()
    fill(guest, (cup, 1))
    place(guest)

    assert len(texts) == 1


@pytest.mark.parametrize("phone", ["+442079460958", "+998712345678"])
def test_no_text_message_goes_abroad_or_to_a_landline(as_user, user, cup, texts, configure, phone):
    configure(ROUTES={"order_placed": ["sms"]})
    reach(user, phone=phone)
    fill(as_user, (cup, 1))
    place(as_user)

    assert texts == []
    assert not Message.objects.exists()
    assert inbox(user) == ["order_placed"]


def test_a_users_unproven_addresses_are_not_written_to(as_user, user, cup, texts):
    """The column of Django's user model, and what was typed into the order."""
    assert user.email == "anna@example.com"
    fill(as_user, (cup, 1))
    place(as_user, contact={"name": "A", "phone": PHONE, "email": "victim@example.com"})

    assert mail.outbox == []
    assert texts == []
    assert inbox(user) == ["order_placed"]


def test_what_a_user_does_not_want_is_not_sent_but_stands_in_the_inbox(as_user, anna, cup, chats):
    change_preferences(anna, [Choice(kind="order_placed", channel="email", is_enabled=False)])
    fill(as_user, (cup, 1))
    place(as_user)

    assert mail.outbox == []
    assert len(chats) == 1
    assert inbox(anna) == ["order_placed"]


def test_without_telegram_by_choice_the_text_message_comes(order, chats, texts):
    change_preferences(
        order.user, [Choice(kind="order_shipped", channel="telegram", is_enabled=False)]
    )
    move_order(order.pk, to="processing", by="staff")
    move_order(order.pk, to="shipped", by="staff")

    assert chats == []
    assert len(texts) == 1


def test_a_fact_that_is_told_twice_tells_once(as_user, anna, cup, chats):
    fill(as_user, (cup, 1))
    place(as_user)
    before = (Event.objects.count(), Message.objects.count(), len(mail.outbox), len(chats))

    about_orders.tell_placed(Order.objects.get().pk)
    Delivery.objects.update(delivered_at=None, attempts=0, due_at=timezone.now())
    deliver_all()

    assert before == (2, 2, 1, 1)
    now = (Event.objects.count(), Message.objects.count(), len(mail.outbox), len(chats))
    assert now == before


def test_a_cancelled_order_is_not_announced_as_placed_afterwards(
    as_user, anna, cup, settings, chats
):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    fill(as_user, (cup, 1))
    place(as_user)
    cancel_order(Order.objects.get().pk, by="customer")

    deliver_all()

    assert inbox(anna) == ["order_cancelled"]
    assert [one.subject.split()[-1] for one in mail.outbox] == ["cancelled"]


def test_a_switched_off_user_is_told_nothing(order):
    order.user.is_active = False
    order.user.save()

    mark_paid(order.pk)

    assert not Event.objects.filter(kind="order_paid").exists()
    assert mail.outbox == []


def test_an_order_that_is_gone_is_told_to_nobody():
    about_orders.tell_placed(999)
    about_orders.tell_moved(999, 999)

    assert not Event.objects.exists()


def test_an_order_for_nothing_says_no_total(as_user, anna, chats):
    from shopkit.catalog.testing import make_variant
    from shopkit.inventory.testing import make_stock

    gift = make_variant(price="0")
    make_stock(gift, on_hand=50)
    fill(as_user, (gift, 1))
    place(as_user)

    assert Order.objects.get().total == Decimal(0)
    assert "Total" not in chats[0]["text"]


def test_the_profile_may_be_missing(order, chats):
    Profile.objects.all().delete()

    mark_paid(order.pk)

    assert chats[0]["text"].startswith(f"Order {order.number} is paid")
