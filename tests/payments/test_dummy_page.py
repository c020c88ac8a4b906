"""The page of buttons: what it shows, what a press does to the books, and who may press."""

import json
import re
import time

import pytest
from django.test import Client
from django.urls import resolve

from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import StockItem
from shopkit.orders.models import Order
from shopkit.payments import services
from shopkit.payments.models import GatewayEvent, Payment, PaymentReview, Refund
from shopkit.payments.testing import dummy
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "tests-only-dummy-secret"
BACKEND = "shopkit.payments.backends.dummy.DummyBackend"
OFFLINE = "shopkit.payments.backends.offline.OfflineBackend"
THANKS = "https://shop.example/thanks?order=1&x=2"
CART = "https://shop.example/cart"
BUTTONS = ["pay", "fail", "expire", "pay_twice"]


@pytest.fixture(autouse=True)
def desk(settings):
    """The shop of a developer."""
    settings.DEBUG = True
    providers = {
        "dummy": {"BACKEND": BACKEND, "OPTIONS": {"secret": SECRET}},
        "other": {"BACKEND": BACKEND, "OPTIONS": {"secret": "another"}},
        "offline": {"BACKEND": OFFLINE},
    }
    section = {"PROVIDERS": providers, "RETURN_HOSTS": ("shop.example",)}
    settings.SHOPKIT = {**settings.SHOPKIT, "PAYMENTS": section}


@pytest.fixture
def order(as_user, cup):  # noqa: F811
    """An order of 100 000."""
    fill(as_user, (cup, 2))
    return place(as_user).json()


@pytest.fixture
def start(as_user, order):
    """Begin to pay the order."""

    def begin(**body):
        body = {"provider": "dummy", "return_url": THANKS, "cancel_url": CART, **body}
        answer = as_user.post(f"{API}orders/{order['number']}/payments/", body, format="json")
        assert answer.status_code == 201, answer.content
        return answer.json()

    return begin


def reviews():
    """Return why people are asked to look, in the order of asking."""
    return PaymentReview.objects.order_by("pk").values_list("code", flat=True)


def without_ways(as_user, order):
    path = f"{API}orders/{order['number']}/payments/"
    return as_user.post(path, {"provider": "dummy"}, format="json").json()["redirect_url"]


def state(order):
    """Return what the books say: the order's and the payments' statuses, the units held."""
    row = Order.objects.get(number=order["number"])
    statuses = list(Payment.objects.order_by("created_at").values_list("status", flat=True))
    return row.status, row.payment_status, statuses, StockItem.objects.get().reserved


def test_the_page_shows_the_order_and_four_plain_buttons(start, order):
    answer = Client().get(start()["redirect_url"])
    page = answer.content.decode()

    assert answer.status_code == 200
    assert re.findall(r'<button name="(\w+)" value="1">', page) == BUTTONS
    assert f"<b>{order['number']}</b>" in page
    assert '<data value="100000.00">UZS\u00a0100,000</data>' in page
    assert f'<a href="{CART}" rel="noreferrer">' in page
    assert "<script" not in page
    assert 'name="viewport"' in page
    assert re.findall(r'(?:src|href)="(?!https://shop)[^"]*"', page) == []


def test_nobody_keeps_frames_or_learns_the_address_of_the_page(start):
    answer = Client().get(start()["redirect_url"])

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Let the time run out"), ("uz", "Rad etish"), ("kaa", "Tólew"), ("ru", "Оплатить")],
)
def test_the_page_speaks_the_language_of_the_request(start, settings, language, word):
    settings.LANGUAGES = [(code, code) for code in ("en", "uz", "kaa", "ru")]

    page = Client().get(start()["redirect_url"], headers={"Accept-Language": language})

    assert word in page.content.decode()
    assert f'<html lang="{language}">' in page.content.decode()


@pytest.mark.parametrize("button", ["pay", "pay_twice"])
def test_paying_pays_once_and_leads_back(start, order, button):
    answer = dummy.press(start()["redirect_url"], button)

    assert (answer.status_code, answer["Location"]) == (303, THANKS)
    assert state(order) == ("placed", "paid", ["paid"], 2)
    payment = Payment.objects.get()
    assert (payment.captured, payment.refunded) == (payment.amount, 0)
    assert Order.objects.get().paid_total == payment.amount
    assert_books_balance()


@pytest.mark.parametrize(("button", "status"), [("fail", "failed"), ("expire", "expired")])
def test_an_attempt_that_ends_leaves_the_order_and_can_be_made_again(start, order, button, status):
    answer = dummy.press(start()["redirect_url"], button)

    assert (answer.status_code, answer["Location"]) == (303, CART)
    assert state(order) == ("placed", "unpaid", [status], 2)
    dummy.press(start()["redirect_url"], "pay")
    assert state(order) == ("placed", "paid", [status, "paid"], 2)
    assert_books_balance()


def test_pressing_again_changes_nothing(start, order):
    url = start()["redirect_url"]

    answers = [dummy.press(url, button).status_code for button in ("pay", "pay", "pay_twice")]

    assert answers == [303, 303, 303]
    assert state(order) == ("placed", "paid", ["paid"], 2)
    assert_books_balance()


def test_without_a_way_back_the_page_says_what_came_of_it(as_user, order):
    page = dummy.press(without_ways(as_user, order), "pay")

    assert page.status_code == 200
    assert '<p role="status">The shop was told.</p>' in page.content.decode()
    assert "Back to the shop" not in page.content.decode()
    assert state(order)[1] == "paid"


def test_a_failure_without_its_own_way_back_takes_the_other(as_user, order):
    path = f"{API}orders/{order['number']}/payments/"
    begun = as_user.post(path, {"provider": "dummy", "return_url": THANKS}, format="json").json()

    assert dummy.press(begun["redirect_url"], "fail")["Location"] == THANKS


def test_what_the_shop_refuses_is_shown_and_leads_nowhere(start, order):
    url = start()["redirect_url"]
    dummy.press(url, "pay")

    page = dummy.press(url, "fail")

    assert page.status_code == 200
    assert "The shop did not take it: already_paid" in page.content.decode()
    assert state(order)[1] == "paid"


def test_the_money_of_a_cancelled_order_goes_back_and_leaves_it_cancelled(as_user, start, order):
    url = start()["redirect_url"]
    as_user.post(f"{API}orders/{order['number']}/cancel/")

    dummy.press(url, "pay")

    assert state(order) == ("cancelled", "paid", ["paid"], 0)
    shown = as_user.get(f"{API}orders/{order['number']}/").json()
    assert shown["refund_due"] == "100000.00"
    assert list(reviews()) == ["paid_cancelled"]
    refund = Refund.objects.get()
    Refund.objects.update(due_at=refund.created_at)
    assert services.send_due_refunds() == 1
    assert state(order) == ("cancelled", "refunded", ["refunded"], 0)
    assert Refund.objects.get().reference == f"dummy_refund_{refund.pk}"
    assert_books_balance()


def test_paid_by_two_gateways_the_second_is_owed_back(start, order):
    first, second = start()["redirect_url"], start(provider="other")["redirect_url"]

    dummy.press(first, "pay_twice")
    dummy.press(second, "pay_twice")

    assert state(order) == ("placed", "paid", ["paid", "paid"], 2)
    row = Order.objects.get()
    assert (row.paid_total, row.refund_due) == (2 * row.total, row.total)
    assert list(reviews()) == ["paid_twice"]
    assert_books_balance()


def test_staff_give_money_back(start, order, as_staff):
    dummy.press(start()["redirect_url"], "pay")
    path = f"{API}orders/{order['number']}/refunds/"

    part = as_staff.post(path, {"amount": "30000.00", "reason": "chipped"}, format="json")
    assert (part.status_code, part.json()["status"]) == (201, "succeeded")
    assert state(order)[1:3] == ("partially_refunded", ["partially_refunded"])
    rest = as_staff.post(path, {"reason": "returned"}, format="json")
    assert (rest.json()["amount"], state(order)[1]) == ("70000.00", "refunded")
    assert_books_balance()


@pytest.mark.parametrize("body", [{}, {"buy": "1"}, {"pay": "1", "fail": "1"}])
def test_a_form_that_names_no_one_button_does_nothing(start, order, body):
    answer = Client().post(start()["redirect_url"], body)

    assert answer.status_code == 400
    assert state(order) == ("placed", "pending", ["pending"], 2)


def test_no_cookie_is_believed_or_needed(start, order, settings):
    guard = "django.middleware.csrf.CsrfViewMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, guard]
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(start()["redirect_url"], {"pay": "1"}).status_code == 303
    assert state(order)[1] == "paid"


def test_only_the_link_that_the_gateway_gave_opens_a_page(start, order, as_user):
    url = start()["redirect_url"]
    other = start(provider="other")["redirect_url"]
    path, sheet = url.split("?")
    another = other.split("?")[0]
    links = [
        path,
        f"{path}?sheet=",
        f"{url}x",
        url.replace("sheet=", "sheet=x"),
        f"{another}?{sheet}",
        f"{path}?{other.split('?')[1]}",
        f"{API}payments/dummy/00000000-0000-4000-8000-000000000000/?{sheet}",
    ]

    for link in links:
        assert Client().get(link).status_code == 404, link
        assert Client().post(link, {"pay": "1"}).status_code == 404, link
    assert state(order) == ("placed", "pending", ["pending", "pending"], 2)


def test_the_link_of_another_attempt_opens_no_page(start):
    first = start()["redirect_url"]
    dummy.press(first, "fail")
    second = start()["redirect_url"]

    assert Client().get(f"{second.split('?')[0]}?{first.split('?')[1]}").status_code == 404


def test_a_payment_of_another_gateway_has_no_page(start, as_user, order):
    _path, sheet = start()["redirect_url"].split("?")
    begun = start(provider="offline")

    answer = Client().post(f"{API}payments/dummy/{begun['id']}/?{sheet}", {"pay": "1"})

    assert answer.status_code == 404


def test_a_gateway_that_was_taken_out_of_the_settings_has_no_page(start, settings):
    url = start()["redirect_url"]
    settings.SHOPKIT = {**settings.SHOPKIT, "PAYMENTS": {}}

    assert Client().get(url).status_code == 404


def test_outside_debug_there_is_no_page_no_start_and_no_webhook(start, settings, order, as_user):
    url = start()["redirect_url"]
    payment = Payment.objects.get()
    settings.DEBUG = False

    assert Client().get(url).status_code == 404
    assert Client().post(url, {"pay": "1"}).status_code == 404
    assert dummy.tell(payment).status == 403
    assert state(order) == ("placed", "pending", ["pending"], 2)
    again = as_user.post(
        f"{API}orders/{order['number']}/payments/", {"provider": "other"}, format="json"
    )
    assert (again.status_code, again.json()["code"]) == (409, "payment_refused")


def test_the_page_holds_no_transaction_around_the_rules():
    found = resolve(f"{API}payments/dummy/00000000-0000-4000-8000-000000000000/")

    assert found.func._non_atomic_requests == {"default"}


def test_the_page_is_no_part_of_the_document(client):
    document = client.get(f"{API}schema/?format=json").json()

    assert [path for path in document["paths"] if "dummy" in path] == []


def test_events_come_by_the_webhook_too(start, order):
    start()
    news = dummy.signed(Payment.objects.get())
    path = f"{API}payments/webhooks/dummy/"
    sent = {"content_type": "application/json", "headers": dict(news.headers)}

    forged = Client().post(path, news.body, content_type="application/json")
    altered = Client().post(path, news.body.replace(b"100000", b"100001"), **sent)

    assert (forged.status_code, altered.status_code) == (403, 403)
    assert state(order)[1] == "pending"
    assert Client().post(path, news.body, **sent).json()["accepted"]
    assert Client().post(path, news.body, **sent).json()["accepted"]
    assert state(order) == ("placed", "paid", ["paid"], 2)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"amount": "99999.99"}, "wrong_amount"),
        ({"amount": "100000.01"}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"reference": "dummy_another"}, "wrong_reference"),
    ],
)
def test_what_is_not_what_the_payment_says_pays_nothing_and_is_looked_at(start, order, said, code):
    start()

    answer = dummy.tell(Payment.objects.get(), **said)

    assert json.loads(answer.body) == {"accepted": False, "repeat": False, "refusal": code}
    assert state(order) == ("placed", "pending", ["pending"], 2)
    assert list(reviews()) == [code]


@pytest.mark.race
def test_many_presses_at_once_pay_once(start, order):
    url = start()["redirect_url"]
    presses = [lambda: dummy.press(url, "pay_twice").status_code for _ in range(12)]

    assert at_once(presses) == [303] * 12
    assert state(order) == ("placed", "paid", ["paid"], 2)
    assert GatewayEvent.objects.count() == 24
    assert list(reviews()) == []
    assert_books_balance()


def test_an_old_event_is_refused(start, order):
    start()
    payment = Payment.objects.get()

    assert dummy.tell(payment, at=time.time() - 400).status == 403
    assert dummy.tell(payment, at=time.time() + 400).status == 403
    assert state(order)[1] == "pending"


def test_helpers_say_when_a_payment_is_not_the_dummys(start):
    start(provider="offline")

    with pytest.raises(TypeError, match="'offline' is not the dummy gateway"):
        dummy.tell(Payment.objects.get())
