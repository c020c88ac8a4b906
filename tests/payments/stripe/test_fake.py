"""The Stripe on loopback is held against Stripe's own package too."""

import pytest
import requests
import stripe as sdk
from stripe._api_version import _ApiVersion
from stripe.params import PaymentIntentCreateParams, RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from shopkit.payments.backends.stripe import StripeBackend
from shopkit.payments.backends.stripe.calls import API_VERSION
from shopkit.payments.testing.stripe import Complaint, FakeStripe, complaint
from shopkit.payments.testing.stripe.parameters import nested

from .conftest import PAYMENT_ID, wanted

ITEM = {
    "quantity": "1",
    "price_data": {"currency": "usd", "unit_amount": "100", "product_data": {"name": "Cup"}},
}
SESSION = {"mode": "payment", "line_items": [ITEM], "success_url": "https://shop.example/"}


def changed(item, **price_data):
    return {**SESSION, "line_items": [{**item, "price_data": {**item["price_data"], **price_data}}]}


def test_a_form_in_brackets_is_unfolded():
    form = {"a[0][b]": "1", "a[0][c][d]": "2", "a[1][b]": "3", "e": "4", "f[0]": "5", "m[x]": "6"}

    assert nested(form) == {
        "a": [{"b": "1", "c": {"d": "2"}}, {"b": "3"}],
        "e": "4",
        "f": ["5"],
        "m": {"x": "6"},
    }


def without(place, name):
    return {key: value for key, value in place.items() if key != name}


@pytest.mark.parametrize(
    ("params", "wanted", "found"),
    [
        (SESSION, SessionCreateParams, None),
        ({"amount": "1", "currency": "usd"}, PaymentIntentCreateParams, None),
        ({"payment_intent": "pi_1", "reason": "duplicate"}, RefundCreateParams, None),
        ({**SESSION, "colour": "red"}, SessionCreateParams, ("parameter_unknown", "colour")),
        # What the package sends as headers is no parameter.
        ({**SESSION, "api_key": "1"}, SessionCreateParams, ("parameter_unknown", "api_key")),
        (
            changed(ITEM, colour="red"),
            SessionCreateParams,
            ("parameter_unknown", "line_items[0][price_data][colour]"),
        ),
        (
            changed(ITEM, unit_amount="1.50"),
            SessionCreateParams,
            ("parameter_invalid_integer", "line_items[0][price_data][unit_amount]"),
        ),
        (
            {**SESSION, "line_items": [{"price_data": without(ITEM["price_data"], "currency")}]},
            SessionCreateParams,
            ("parameter_missing", "line_items[0][price_data][currency]"),
        ),
        (
            {**SESSION, "line_items": ITEM},
            SessionCreateParams,
            ("parameter_invalid", "line_items"),
        ),
        ({**SESSION, "mode": "barter"}, SessionCreateParams, ("parameter_invalid_value", "mode")),
        (
            {**SESSION, "metadata": {"a": {"b": "c"}}},
            SessionCreateParams,
            ("parameter_invalid", "metadata"),
        ),
        (
            {**SESSION, "adaptive_pricing": {"enabled": "no"}},
            SessionCreateParams,
            ("parameter_invalid", "adaptive_pricing[enabled]"),
        ),
        (
            {"payment_intent": "pi_1", "reason": "because"},
            RefundCreateParams,
            ("parameter_invalid_value", "reason"),
        ),
        ({"amount": "1"}, PaymentIntentCreateParams, ("parameter_missing", "currency")),
    ],
)
def test_the_packages_types_find_what_is_wrong(params, wanted, found):
    assert complaint(params, wanted) == (found and Complaint(*found))


def test_all_that_the_fake_says_stands_in_the_packages_types(stripe, checkout, intent):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    stripe.pay(intent.start(wanted(payment_id="another")).reference, "declined")
    money = stripe.sessions[started.reference]["payment_intent"]
    stripe.finish_refund(stripe.give_back(money, 100)["id"], "failed")
    stripe.contest(money)
    kinds = {
        "checkout.session": sdk.checkout.Session,
        "payment_intent": sdk.PaymentIntent,
        "charge": sdk.Charge,
        "refund": sdk.Refund,
        "dispute": sdk.Dispute,
    }

    seen = set()
    for event in stripe.events:
        assert set(event) <= set(sdk.Event.__annotations__)
        told = event["data"]["object"]
        seen.add(told["object"])
        assert set(told) - set(kinds[told["object"]].__annotations__) == set()

    assert seen == set(kinds)


def client_of(stripe, retries=0):
    base = {"api": stripe.url}
    return sdk.StripeClient(stripe.api_key, base_addresses=base, max_network_retries=retries).v1


def options(key):
    return {"idempotency_key": key}


PARAMS = {"amount": 100, "currency": "usd"}


def test_a_key_goes_with_one_set_of_parameters(stripe):
    intents = client_of(stripe).payment_intents
    first = intents.create(PARAMS, options("k1"))
    again = intents.create(PARAMS, options("k1"))

    with pytest.raises(sdk.IdempotencyError):
        intents.create({**PARAMS, "amount": 101}, options("k1"))

    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(stripe.intents) == 1


def test_a_refused_request_leaves_its_key_free(stripe):
    intents = client_of(stripe).payment_intents
    with pytest.raises(sdk.InvalidRequestError) as refusal:
        intents.create({"amount": 0, "currency": "usd"}, options("k1"))

    intents.create(PARAMS, options("k1"))

    assert refusal.value.param == "amount"
    assert len(stripe.intents) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (402, sdk.CardError),
        (409, sdk.APIError),
        (429, sdk.RateLimitError),
        (500, sdk.APIError),
    ],
)
def test_it_fails_as_it_is_told(stripe, status, kind):
    stripe.fail_next(status)
    with pytest.raises(kind):
        client_of(stripe).payment_intents.create(PARAMS)

    assert stripe.intents == {}


def test_a_remembered_failure_stays(stripe):
    intents = client_of(stripe).payment_intents
    stripe.remember_failure()
    for _ in range(2):
        with pytest.raises(sdk.APIError):
            intents.create(PARAMS, options("k1"))

    intents.create(PARAMS, options("k2"))

    assert len(stripe.intents) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"success_url": ""},
        {"expires_at": 60},
        {"expires_at": 25 * 3600},
        {"line_items": []},
        changed(ITEM, currency="USD"),
        changed(ITEM, unit_amount="-1"),
        {"line_items": [{**ITEM, "quantity": "0"}]},
        {"metadata": {"k" * 41: "v"}},
        {"metadata": {"k": "v" * 501}},
        {"metadata": {str(number): "v" for number in range(51)}},
        {"payment_intent_data": {"metadata": {"k" * 41: "v"}}},
    ],
)
def test_rules_that_stand_in_no_type_are_kept(stripe, wrong):
    if "expires_at" in wrong:
        wrong = {"expires_at": stripe.now() + wrong["expires_at"]}

    with pytest.raises(sdk.InvalidRequestError):
        client_of(stripe).checkout.sessions.create({**SESSION, **wrong})

    assert stripe.sessions == {}


def test_lists_come_in_pages_newest_first(stripe):
    intents = client_of(stripe).payment_intents
    made = [intents.create(PARAMS).id for _ in range(5)]

    shown = [one.id for one in intents.list({"limit": 2}).auto_paging_iter()]

    assert shown == made[::-1]


def test_a_customer_pays_on_the_page_and_is_sent_back(stripe, checkout):
    started = checkout.start(wanted(return_url="https://shop.example/?of={CHECKOUT_SESSION_ID}"))

    shown = requests.get(started.redirect_url, timeout=5)
    declined = requests.post(started.redirect_url, {"outcome": "declined"}, timeout=5)
    paid = requests.post(
        started.redirect_url, {"outcome": "paid"}, timeout=5, allow_redirects=False
    )
    again = requests.post(started.redirect_url, timeout=5, allow_redirects=False)

    assert "15000000 uzs" in shown.text
    assert 'href="https://shop.example/cart"' in shown.text
    assert (declined.status_code, paid.status_code, again.status_code) == (402, 303, 410)
    assert paid.headers["location"] == f"https://shop.example/?of={started.reference}"
    assert stripe.ledger(PAYMENT_ID) == {"uzs": 15_000_000}


def test_the_widget_needs_the_secret(stripe, intent):
    started = intent.start(wanted())
    page = f"{stripe.url}/pay/{started.reference}"

    wrong = requests.post(page, {"client_secret": "guess"}, timeout=5)
    right = requests.post(page, {"client_secret": started.client_secret}, timeout=5)

    assert (wrong.status_code, right.json()) == (404, {"status": "succeeded"})
    assert stripe.ledger() == {"uzs": 15_000_000}


def test_events_are_posted_as_they_come_and_as_a_test_likes(stripe, checkout):
    with FakeStripe(webhook_url=f"{stripe.url}/webhook") as other:
        started = StripeBackend(**other.options).start(wanted())
        requests.post(started.redirect_url, timeout=5, allow_redirects=False)
        names = [event["type"] for event in other.events]
        assert [name for name, _status in other.deliveries] == names
        assert names[-2:] == ["payment_intent.succeeded", "checkout.session.completed"]

        last, first = other.events[-1], other.events[0]
        assert len(other.post_events([last, first, last], secret="whsec_forged")) == 3

    posted = [one for one in stripe.requests if one.path == "/webhook"]
    assert len(posted) == len(names) + 3
    assert all("stripe-signature" in one.headers for one in posted)


def test_the_types_are_not_older_than_the_version_that_is_asked_for():
    assert _ApiVersion.CURRENT >= API_VERSION
