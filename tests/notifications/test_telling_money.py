"""Who is told what when money goes back, and when a person must look at it."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.notifications.kinds import REVIEWS
from shopkit.notifications.models import Event, Message, Notification
from shopkit.notifications.services import payments as about_payments
from shopkit.notifications.words import said, words_of
from shopkit.orders.models import Order
from shopkit.payments.models import PaymentReview, Refund
from shopkit.payments.services import confirm_refund, mark_paid, refund_order, withdraw_refund
from shopkit.payments.services.books import review
from tests.orders.conftest import fill, place

from .conftest import STAFF_CHAT, reach, speak

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+998901234567"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def order(as_user, user, cup, chats):
    """A paid order of somebody who is reached by every way; what was told so far is forgotten."""
    reach(user, email="anna@example.com", phone=PHONE, chat=4711)
    return paid(as_user, cup, chats)


def paid(client, variant, chats, **fields):
    fill(client, (variant, 1))
    number = place(client, **fields).json()["number"]
    order = Order.objects.get(number=number)
    mark_paid(order.pk)
    forget(chats)
    return order


def forget(chats):
    mail.outbox.clear()
    chats.clear()
    Event.objects.all().delete()


def give(order, amount=None):
    """Give money back by hand, as an offline provider has it."""
    refund = refund_order(order.pk, amount=None if amount is None else Decimal(amount))
    return confirm_refund(refund.pk)


def told(kind):
    return Event.objects.filter(kind=kind)


def to_staff(chats):
    return [one["text"] for one in chats if one["chat_id"] == STAFF_CHAT]


# --- money went back ---------------------------------------------------------------------------


def test_money_that_went_back_is_told_in_the_inbox_by_mail_and_by_telegram(order, chats, texts):
    give(order)

    line = f"We have returned UZS\xa050,000 for order {order.number}."
    rows = Notification.objects.filter(user=order.user)
    assert list(rows.values_list("event__kind", flat=True)) == ["order_refunded"]
    [letter] = mail.outbox
    assert letter.to == ["anna@example.com"]
    assert letter.subject == f"Money returned for order {order.number}"
    assert line in letter.body
    assert [(one["chat_id"], line in one["text"]) for one in chats] == [(4711, True)]
    assert texts == []


def test_a_refund_that_waits_for_somebody_is_not_told_as_done(order, chats):
    refund = refund_order(order.pk)
    assert not told("order_refunded").exists()

    withdraw_refund(refund.pk)
    assert not told("order_refunded").exists()
    assert chats == []


def test_every_refund_of_an_order_is_told_with_its_own_amount(order, chats):
    give(order, "20000")
    give(order)

    shown = [one["text"].splitlines()[-1] for one in chats]
    assert shown == [
        f"We have returned UZS\xa0{amount} for order {order.number}."
        for amount in ("20,000", "30,000")
    ]


def test_money_that_went_back_is_told_in_the_customers_language(order, chats):
    Order.objects.filter(pk=order.pk).update(language="")
    speak(order.user, "kaa")
    give(order)

    number, amount = order.number, "50\xa0000\xa0swm"
    assert chats[0]["text"] == (
        f"{number} nomerli buyırtpa ushın pul qaytarıldı\n\n"
        f"{number} nomerli buyırtpa ushın {amount} qaytardıq."
    )


def test_the_orders_own_language_goes_first(order, chats):
    Order.objects.filter(pk=order.pk).update(language="ru")
    speak(order.user, "uz")
    give(order)

    assert f"Мы вернули 50\xa0000\xa0сум за заказ {order.number}." in chats[0]["text"]


def test_a_guest_is_told_by_mail_that_money_went_back(cup, chats, texts):
    contact = {"name": "Guest", "phone": PHONE, "email": "guest@example.com"}
    order = paid(APIClient(), cup, chats, contact=contact)
    give(order)

    assert [one.to for one in mail.outbox] == [["guest@example.com"]]
    assert "We have returned UZS\xa050,000" in mail.outbox[0].body
    assert (chats, texts) == ([], [])
    assert set(Message.objects.values_list("recipient", "user")) == {
        (f"order:{order.number}", None)
    }


def test_a_site_may_tell_it_by_text_message(order, texts, configure):
    configure(ROUTES={"order_refunded": ["sms"]})
    texts.clear()
    give(order)

    shown = f"We have returned UZS 50,000 for order {order.number}."
    assert [(one.phone, one.text) for one in texts] == [(PHONE, shown)]


def test_a_refund_and_a_review_are_told_once_however_often_they_are_announced(
    order, chats, staff_chat
):
    refund = give(order)
    before = (Event.objects.count(), Message.objects.count(), len(mail.outbox), len(chats))

    about_payments.tell_refunded(str(refund.pk))
    about_payments.tell_review(PaymentReview.objects.get().pk)
    again = Delivery.objects.filter(fact__in=("payment.refunded", "payment.reviewed"))
    assert again.update(delivered_at=None, attempts=0, due_at=timezone.now()) == 2
    deliver_all()

    assert before == (2, 3, 1, 2)
    now = (Event.objects.count(), Message.objects.count(), len(mail.outbox), len(chats))
    assert now == before


def test_a_refund_that_failed_after_all_is_not_told(order):
    refund = refund_order(order.pk)
    Refund.objects.filter(pk=refund.pk).update(status=Refund.Status.FAILED)

    about_payments.tell_refunded(str(refund.pk))

    assert not told("order_refunded").exists()


def test_what_is_gone_is_told_to_nobody():
    about_payments.tell_refunded(NOBODY)
    about_payments.tell_review(999)

    assert not Event.objects.exists()


# --- a person must look ------------------------------------------------------------------------


def test_staff_are_told_which_order_which_provider_and_why(order, chats, staff_chat, configure):
    configure(STAFF_EMAILS=["boss@example.com"])
    refund_order(order.pk)

    title = f"Money to look at: {order.number}"
    lines = ["A refund has to be made by hand.", "Payment method: offline"]
    [text] = to_staff(chats)
    assert text.splitlines() == [title, "", *lines]
    assert [(one.to, one.subject) for one in mail.outbox] == [(["boss@example.com"], title)]
    assert not Notification.objects.exists()


def test_staff_are_told_in_their_language(order, chats, staff_chat, configure):
    configure(STAFF_LANGUAGE="ru")
    refund_order(order.pk)

    [text] = to_staff(chats)
    assert text.startswith(f"Проверьте деньги: {order.number}\n\nВозврат нужно сделать вручную.")


def test_where_there_is_no_order_the_provider_is_named(chats, staff_chat):
    opened = review("unknown_payment", provider="payme")
    deliver_all()

    [text] = to_staff(chats)
    assert text.startswith("Money to look at: payme\n\nThe gateway tells of a payment")
    assert text.endswith("Payment method: payme")
    assert told("staff_payment_review").get().about == f"review:{opened.pk}"


def test_nothing_that_a_gateway_wrote_reaches_the_chat(order, chats, staff_chat, configure):
    configure(STAFF_EMAILS=["boss@example.com"])
    payment = order.payments.get()
    review("dispute", provider="stripe", payment=payment, reason="Anna Kim +998901234567")
    deliver_all()

    event = told("staff_payment_review").get()
    shown = f"{event.params} {chats} {[one.body for one in mail.outbox]}"
    assert "The customer disputes the payment at the bank." in shown
    assert "Anna" not in shown
    assert "99890" not in shown


def test_what_somebody_has_looked_at_meanwhile_is_not_told(settings, order, chats, staff_chat):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    opened = review("dispute", provider="stripe", payment=order.payments.get())
    PaymentReview.objects.filter(pk=opened.pk).update(closed_at=Now())
    deliver_all()

    assert to_staff(chats) == []


# --- the words for every code ------------------------------------------------------------------


def test_every_code_of_a_review_has_words():
    assert set(PaymentReview.Code.values) == set(REVIEWS)


@pytest.mark.parametrize("language", ["uz", "kaa", "ru"])
def test_every_code_is_said_in_every_language(language):
    from django.utils.translation import override

    def reasons(spoken):
        with override(spoken):
            return [said({"review": code}, spoken) for code in REVIEWS]

    assert len(set(reasons(language))) == len(REVIEWS)
    assert not set(reasons(language)) & set(reasons("en"))


def test_a_code_without_words_is_told_by_its_name():
    params = {"number": "A", "provider": "parrot", "why": {"review": "wrong_feather"}}

    text = words_of("staff_payment_review", params, language="en").text
    assert text == "wrong_feather\nPayment method: parrot"
