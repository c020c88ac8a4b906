"""From the order to the money and back, over HTTP: our books and Stripe's ledger agree."""

import itertools
import json
import random
from datetime import timedelta

import pytest
import requests
from django.db.models.functions import Now

from shopkit.core.facts import deliver_all
from shopkit.core.testing import assert_books_balance
from shopkit.orders.models import Order
from shopkit.payments.models import GatewayEvent, Payment, PaymentReview, Refund
from shopkit.payments.services import expire_payments, recheck, reconcile, send_due_refunds
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them
from tests.threads import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "https://shop.example/thanks"
CARD, WIDGET = "card", "card-here"
PATH = "shopkit.payments.backends.stripe."
BOTH = pytest.mark.parametrize("provider", [CARD, WIDGET])


@pytest.fixture(autouse=True)
def site(stripe, settings):
    """A site with both ways; the facts are delivered when a test says so."""
    providers = {
        CARD: {"BACKEND": PATH + "StripeBackend", "OPTIONS": stripe.options},
        WIDGET: {"BACKEND": PATH + "StripeIntentBackend", "OPTIONS": stripe.options},
    }
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "FACTS": {"DELIVERY": "manual", "PAUSES": (0,) * 8},
        "PAYMENTS": {
            "PROVIDERS": providers,
            "RETURN_HOSTS": ("shop.example",),
            "REFUND_AFTER": timedelta(0),
        },
    }
    return settings


@pytest.fixture(autouse=True)
def _books_balance():
    yield
    settle_down()
    assert_books_balance()


@pytest.fixture
def order(as_user, cup):  # noqa: F811
    """An order of 100 000."""
    fill(as_user, (cup, 2))
    return Order.objects.get(number=place(as_user).json()["number"])


def settle_down():
    while deliver_all():
        pass


def start(client, order, provider=CARD, **body):
    body = {"provider": provider, "return_url": BACK, "cancel_url": BACK, **body}
    return client.post(f"{API}orders/{order.number}/payments/", body, format="json")


def begun(client, order, provider=CARD):
    """Begin to pay; return the payment."""
    answer = start(client, order, provider)
    assert answer.status_code == 201, answer.json()
    return Payment.objects.get(pk=answer.json()["id"])


def post(client, callback, provider=CARD):
    return client.generic(
        "POST",
        f"{API}payments/webhooks/{provider}/",
        callback.body,
        content_type="application/json",
        headers={"Stripe-Signature": callback.headers["stripe-signature"]},
    )


def tell(client, stripe, provider=CARD, events=None):
    """Let Stripe post its events, and the books follow."""
    for event in stripe.events if events is None else events:
        assert post(client, stripe.signed(event), provider).status_code == 200
    settle_down()


def standing(order):
    """Return what the books say: status, captured, refunded of the payments; of the order."""
    order.refresh_from_db()
    rows = order.payments.order_by("created_at")
    own = [(one.status, int(one.captured), int(one.refunded)) for one in rows]
    return [*own, order.payment_status]


def reviews():
    return [*PaymentReview.objects.order_by("pk").values_list("code", flat=True)]


def intent_of(stripe, payment):
    found = stripe.sessions.get(payment.reference)
    return found["payment_intent"] if found else payment.reference


def test_a_customer_pays_on_stripes_page(client, as_user, order, stripe):
    answer = start(as_user, order)
    told = answer.json()
    assert (answer.status_code, told["status"], told["client_secret"]) == (201, "pending", None)

    paid = requests.post(
        told["redirect_url"], {"outcome": "paid"}, timeout=5, allow_redirects=False
    )
    assert (paid.status_code, paid.headers["location"]) == (303, BACK)
    # Coming back proves nothing.
    assert standing(order) == [("pending", 0, 0), "pending"]
    tell(client, stripe)

    assert standing(order) == [("paid", 100_000, 0), "paid"]
    assert stripe.ledger(told["id"]) == {"uzs": 10_000_000}
    shown = as_user.get(f"{API}orders/{order.number}/").json()
    assert (shown["payment_status"], shown["can_pay"]) == ("paid", False)
    assert start(as_user, order).status_code == 409
    assert reviews() == []


def test_a_customer_pays_in_the_shops_own_page(client, as_user, order, stripe):
    first = start(as_user, order, WIDGET)
    again = start(as_user, order, WIDGET)
    secret = first.json()["client_secret"]
    assert (first.status_code, again.status_code) == (201, 200)
    assert secret == again.json()["client_secret"]
    assert len(stripe.intents) == 1
    payment = Payment.objects.get()

    done = requests.post(
        f"{stripe.url}/pay/{payment.reference}", {"client_secret": secret}, timeout=5
    )
    tell(client, stripe, WIDGET)

    assert done.json() == {"status": "succeeded"}
    assert standing(order) == [("paid", 100_000, 0), "paid"]
    kept = json.dumps([*GatewayEvent.objects.values("facts", "data")])
    assert secret not in kept
    assert "anna@example.com" not in kept


def _orders_of_arrival():
    """Four pieces of news in every order, those that overtake the money among them."""
    everything = list(itertools.permutations(range(4)))
    return [everything[0], everything[-1], *random.Random(7).sample(everything[1:-1], 6)]


@BOTH
@pytest.mark.parametrize("turns", _orders_of_arrival())
def test_news_may_come_in_any_order_and_any_number_of_times(
    client, as_user, order, stripe, turns, provider
):
    payment = begun(as_user, order, provider)
    stripe.pay(payment.reference)
    stripe.give_back(intent_of(stripe, payment), 2_500_000)
    last = "checkout.session.completed" if provider == CARD else "payment_intent.created"
    names = ["payment_intent.succeeded", last, "charge.refunded", "refund.created"]
    news = [stripe.named(names[turn]) for turn in turns]

    tell(client, stripe, provider, [*news, *news[::-1]])

    assert standing(order) == [("partially_refunded", 100_000, 25_000), "partially_refunded"]
    assert stripe.ledger(str(payment.pk)) == {"uzs": 7_500_000}
    assert reviews() == []


def test_many_deliveries_at_once_take_the_money_once(client, as_user, order, stripe):
    payment = begun(as_user, order)
    stripe.pay(payment.reference)
    news = [stripe.named("payment_intent.succeeded"), stripe.named("checkout.session.completed")]
    calls = [lambda event=event: post(client, stripe.signed(event)).status_code for event in news]

    outcomes = at_once([*calls * 4, lambda: recheck(payment.pk), reconcile])
    settle_down()

    assert set(kinds(outcomes)) <= {"ok", "OperationalError"}
    assert standing(order) == [("paid", 100_000, 0), "paid"]
    assert reviews() == []


@pytest.mark.parametrize(
    "changes", [{"secret": "whsec_forged"}, {"at": 1_767_225_600}, {"at": 4_000_000_000}]
)
def test_what_stripe_did_not_just_send_leaves_nothing(client, as_user, order, stripe, changes):
    stripe.pay(begun(as_user, order).reference)
    event = stripe.named("checkout.session.completed")

    answer = post(client, stripe.signed(event, **changes))
    settle_down()

    assert answer.status_code == 400
    assert standing(order) == [("pending", 0, 0), "pending"]
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_total": 9_999_999}, "wrong_amount"),
        ({"amount_total": 10_000_001}, "wrong_amount"),
        ({"currency": "usd"}, "wrong_currency"),
        ({"id": "cs_test_another"}, "wrong_reference"),
    ],
)
def test_only_the_very_payment_is_paid(client, as_user, order, stripe, changes, code):
    stripe.pay(begun(as_user, order).reference)
    event = stripe.named("checkout.session.completed")
    event["data"]["object"].update(changes)

    tell(client, stripe, events=[event])

    assert standing(order) == [("pending", 0, 0), "pending"]
    assert reviews() == [code]


def test_play_money_pays_nothing(client, as_user, order, stripe, site):
    payment = begun(as_user, order)
    stripe.pay(payment.reference)
    event = {**stripe.named("checkout.session.completed"), "livemode": True}

    tell(client, stripe, events=[event])

    assert standing(order) == [("pending", 0, 0), "pending"]
    assert reviews() == ["wrong_mode"]


@BOTH
def test_a_lost_answer_makes_no_second_attempt(client, as_user, order, stripe, site, provider):
    site.SHOPKIT["PAYMENTS"]["PROVIDERS"][provider]["OPTIONS"] = {**stripe.options, "timeout": 0.3}
    stripe.lose_answers(3)

    first = start(as_user, order, provider)
    again = start(as_user, order, provider, return_url="https://shop.example/elsewhere")

    assert (first.status_code, again.status_code) == (503, 200)
    assert len(stripe.sessions) + len(stripe.intents) == 1
    payment = Payment.objects.get()
    stripe.pay(payment.reference)
    tell(client, stripe, provider)
    assert standing(order) == [("paid", 100_000, 0), "paid"]


def test_a_refused_start_leaves_the_order_free(as_user, order, stripe):
    stripe.fail_next(402, code="card_declined")

    refused = start(as_user, order)
    again = start(as_user, order)

    assert (refused.status_code, refused.json()["code"]) == (409, "payment_refused")
    assert again.status_code == 201
    assert [one[0] for one in standing(order)[:2]] == ["failed", "pending"]


def test_a_start_without_a_page_to_come_back_to_is_invalid(as_user, order, stripe):
    answer = as_user.post(
        f"{API}orders/{order.number}/payments/", {"provider": CARD}, format="json"
    )

    assert answer.status_code == 400
    assert stripe.requests == []


@BOTH
def test_staff_give_money_back_once(client, as_user, as_staff, order, stripe, provider):
    payment = begun(as_user, order, provider)
    stripe.pay(payment.reference)
    tell(client, stripe, provider)
    body = {"amount": "40000", "reason": "chipped"}
    url, key = f"{API}orders/{order.number}/refunds/", {"Idempotency-Key": "r-1"}

    first = as_staff.post(url, body, format="json", headers=key)
    again = as_staff.post(url, body, format="json", headers=key)
    tell(client, stripe, provider)

    assert (first.status_code, again.content) == (201, first.content)
    assert standing(order) == [("partially_refunded", 100_000, 40_000), "partially_refunded"]
    assert stripe.ledger(str(payment.pk)) == {"uzs": 6_000_000}
    too_much = as_staff.post(url, {"amount": "60001", "reason": "more"}, format="json")
    assert too_much.status_code == 409
    assert len(stripe.refunds) == 1


def test_a_refund_without_an_answer_goes_back_once(client, as_user, as_staff, order, stripe, site):
    payment = begun(as_user, order)
    stripe.pay(payment.reference)
    tell(client, stripe)
    site.SHOPKIT["PAYMENTS"]["PROVIDERS"][CARD]["OPTIONS"] = {**stripe.options, "timeout": 0.3}
    stripe.lose_answers(3)

    answer = as_staff.post(
        f"{API}orders/{order.number}/refunds/", {"reason": "broken"}, format="json"
    )
    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    Refund.objects.update(due_at=Now() - timedelta(seconds=1))
    stripe.forget_keys()
    send_due_refunds()
    tell(client, stripe)

    assert standing(order) == [("refunded", 100_000, 100_000), "refunded"]
    assert stripe.ledger() == {"uzs": 0}
    assert len(stripe.refunds) == 1


@BOTH
def test_a_refund_that_comes_back_is_not_counted(
    client, as_user, as_staff, order, stripe, provider
):
    payment = begun(as_user, order, provider)
    stripe.pay(payment.reference)
    tell(client, stripe, provider)
    stripe.refund_status = "pending"
    url = f"{API}orders/{order.number}/refunds/"
    assert as_staff.post(url, {"reason": "broken"}, format="json").json()["status"] == "pending"
    (made,) = stripe.refunds

    stripe.finish_refund(made, "failed")
    tell(client, stripe, provider, stripe.events[-2:])

    assert standing(order) == [("paid", 100_000, 0), "paid"]
    assert stripe.ledger() == {"uzs": 10_000_000}
    assert reviews() == ["refund_failed"]


@BOTH
def test_what_somebody_gave_back_in_the_dashboard_is_in_the_books(
    client, as_user, order, stripe, provider
):
    payment = begun(as_user, order, provider)
    stripe.pay(payment.reference)
    stripe.give_back(intent_of(stripe, payment), 2_500_000)
    stripe.give_back(intent_of(stripe, payment), 7_500_000)

    tell(client, stripe, provider)

    assert standing(order) == [("refunded", 100_000, 100_000), "refunded"]
    assert stripe.ledger() == {"uzs": 0}


@BOTH
def test_a_cancelled_order_cannot_be_paid_at_stripe(client, as_user, order, stripe, provider):
    payment = begun(as_user, order, provider)

    cancelled = as_user.post(f"{API}orders/{order.number}/cancel/", {}, format="json")
    assert cancelled.status_code == 200
    settle_down()

    with pytest.raises(ValueError, match="any more"):
        stripe.pay(payment.reference)
    tell(client, stripe, provider)
    (row, _own) = standing(order)
    assert row[0] in {"cancelled", "expired"}
    assert reviews() == []


def test_money_for_a_cancelled_order_goes_back(client, as_user, order, stripe):
    payment = begun(as_user, order)
    stripe.pay(payment.reference)
    cancelled = as_user.post(f"{API}orders/{order.number}/cancel/", {}, format="json")
    assert cancelled.status_code == 200

    tell(client, stripe)
    send_due_refunds()
    tell(client, stripe)

    assert standing(order) == [("refunded", 100_000, 100_000), "refunded"]
    assert stripe.ledger() == {"uzs": 0}


def test_a_slow_bank_pays_days_later(client, as_user, order, stripe):
    payment = begun(as_user, order)
    stripe.pay(payment.reference, "delayed")
    tell(client, stripe)
    assert standing(order) == [("pending", 0, 0), "pending"]

    stripe.settle_delayed(payment.reference)
    tell(client, stripe)

    assert standing(order) == [("paid", 100_000, 0), "paid"]


def test_a_slow_bank_says_no(client, as_user, order, stripe):
    payment = begun(as_user, order)
    stripe.pay(payment.reference, "delayed")
    stripe.settle_delayed(payment.reference, is_paid=False)

    tell(client, stripe)

    assert standing(order) == [("failed", 0, 0), "unpaid"]
    assert start(as_user, order).status_code == 201


def test_a_declined_card_may_be_followed_by_another(client, as_user, order, stripe):
    payment = begun(as_user, order)
    stripe.pay(payment.reference, "declined")
    tell(client, stripe)
    assert standing(order) == [("pending", 0, 0), "pending"]

    stripe.pay(payment.reference)
    tell(client, stripe)

    assert standing(order) == [("paid", 100_000, 0), "paid"]


def test_a_page_that_ran_out_frees_the_order(client, as_user, order, stripe):
    begun(as_user, order)
    stripe.seconds_ahead = 33 * 60
    stripe.run_out()

    tell(client, stripe)

    assert standing(order) == [("expired", 0, 0), "unpaid"]


@BOTH
def test_news_that_never_came_is_asked_for(client, as_user, order, stripe, provider):
    payment = begun(as_user, order, provider)
    stripe.pay(payment.reference)
    Payment.objects.update(started_at=Now() - timedelta(hours=1))

    assert reconcile() == 1
    settle_down()

    assert standing(order) == [("paid", 100_000, 0), "paid"]
    tell(client, stripe, provider)
    assert standing(order) == [("paid", 100_000, 0), "paid"]


@BOTH
def test_an_attempt_whose_time_is_over_was_perhaps_paid(client, as_user, order, stripe, provider):
    payment = begun(as_user, order, provider)
    stripe.pay(payment.reference)
    Payment.objects.update(expires_at=Now() - timedelta(seconds=1))

    expire_payments()
    settle_down()

    assert standing(order) == [("paid", 100_000, 0), "paid"]


def test_a_dispute_is_one_thing_to_look_at(client, as_user, order, stripe):
    payment = begun(as_user, order)
    stripe.pay(payment.reference)
    made = stripe.contest(intent_of(stripe, payment))
    stripe.tell("charge.dispute.funds_withdrawn", made)
    tell(client, stripe)
    assert reviews() == ["dispute"]

    stripe.tell("charge.dispute.closed", {**made, "status": "lost"})
    tell(client, stripe)

    assert reviews() == ["dispute", "dispute"]
    assert standing(order) == [("paid", 100_000, 0), "paid"]


@BOTH
def test_an_attempt_whose_time_is_over_cannot_be_paid(client, as_user, order, stripe, provider):
    payment = begun(as_user, order, provider)
    Payment.objects.update(expires_at=Now() - timedelta(seconds=1))

    expire_payments()
    settle_down()

    assert standing(order)[0][1:] == (0, 0)
    assert standing(order)[-1] == "unpaid"
    with pytest.raises(ValueError, match="any more"):
        stripe.pay(payment.reference)


@BOTH
def test_many_starts_at_once_are_one_attempt(as_user, order, stripe, provider):
    answers = at_once([lambda: start(as_user, order, provider)] * 6)

    statuses = sorted(one.status_code for one in answers)
    assert statuses.count(201) == 1
    assert len(stripe.sessions) + len(stripe.intents) == 1
    assert {one.json()["id"] for one in answers if one.status_code < 300} == {
        str(Payment.objects.get().pk)
    }
