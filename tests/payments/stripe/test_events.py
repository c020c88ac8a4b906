"""What Stripe tells us: who sent it, and what it means."""

import hashlib
import hmac
import json
import time
from decimal import Decimal

import pytest
import stripe as sdk

from shopkit.payments.backends.base import Callback, Outcome
from shopkit.payments.backends.stripe import StripeBackend, StripeIntentBackend, account
from shopkit.payments.backends.stripe.events import READERS
from shopkit.payments.backends.stripe.signature import header_of
from shopkit.payments.errors import CallbackRefused
from shopkit.payments.testing.stripe import FakeStripe, objects

from .conftest import NUMBER, PAYMENT_ID, REFUND_ID, wanted

SECRET = "whsec_made_up_for_tests_0001"
T = 1767225600
BODY = (
    b'{"id":"evt_test_1","object":"event","api_version":"2026-10-28.endive",'
    b'"type":"checkout.session.completed","data":{"object":{"id":"cs_test_1",'
    b'"object":"checkout.session","payment_status":"paid","metadata":{"order":"A-17"}}}}'
)
HEADER = f"t={T},v1=c4df00b1954f249aafb27b8762f3dab905ee996de2c955bdf28c0e856eae63f9"


@pytest.fixture
def then(monkeypatch):
    """Let it be the second of the vector, or so many later."""

    def go(seconds=0):
        monkeypatch.setattr(account.time, "time", lambda: T + seconds)

    go()
    return go


def backend(secret=SECRET, kind=StripeBackend, key="sk_test_made_up_0001"):
    return kind(api_key=key, webhook_secret=secret)


def callback(body=BODY, header=HEADER):
    return Callback(headers={"stripe-signature": header}, body=body)


def signed(body, secret=SECRET, at=None):
    stamp = int(time.time()) if at is None else at
    header = sdk.WebhookSignature.generate_signature_header(body.decode("latin-1"), secret, stamp)
    if not body.isascii():
        mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        header = f"t={stamp},v1={mac}"
    return callback(body, header)


def refused(given, by=None):
    with pytest.raises(CallbackRefused) as refusal:
        (by or backend()).read_callback(given)
    assert refusal.value.answer.status == 400
    return json.loads(refusal.value.answer.body)["error"]


# --- who sent it ---


@pytest.mark.usefixtures("then")
def test_the_vector_is_believed():
    event = backend().read_callback(callback())

    assert (event.event_id, event.kind, event.name) == (
        "evt_test_1", "note", "checkout.session.completed",
    )  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        f"t={T}",
        HEADER.replace("v1=", "v0="),
        HEADER.replace("c4df", "c4de"),
        HEADER.upper(),
        HEADER.replace(f"t={T}", f"t={T + 1}"),
        f"t={T},{HEADER}",
        f"t=\u0661,{HEADER[13:]}",
        HEADER.replace("c4df", "ç4df"),
        "v1=" + HEADER.partition("v1=")[2],
        "x" * 10_000,
    ],
)
@pytest.mark.usefixtures("then")
def test_a_header_that_proves_nothing_is_refused(header):
    assert refused(callback(header=header)) == "bad signature"


@pytest.mark.usefixtures("then")
def test_one_changed_byte_is_refused():
    assert refused(callback(BODY.replace(b"A-17", b"A-18"))) == "bad signature"
    assert refused(callback(BODY + b" ")) == "bad signature"
    assert refused(callback(b"")) == "bad signature"


@pytest.mark.parametrize("wrong", ["whsec_made_up_for_tests_0002", SECRET.removeprefix("whsec_")])
@pytest.mark.usefixtures("then")
def test_a_wrong_secret_is_refused(wrong):
    assert refused(callback(), backend(wrong)) == "bad signature"


@pytest.mark.parametrize("late", [300, -300])
def test_a_stamp_may_be_five_minutes_away(then, late):
    then(late)

    assert backend().read_callback(callback()).event_id == "evt_test_1"


@pytest.mark.parametrize("late", [301, 86_400])
def test_an_old_stamp_is_refused(then, late):
    then(late)

    assert refused(callback()) == "bad signature"


@pytest.mark.parametrize("early", [301, 86_400, 10**9])
def test_a_stamp_of_the_future_is_refused_which_the_package_takes(then, early):
    then(-early)

    sdk.WebhookSignature.verify_header(BODY, HEADER, SECRET, 300)
    assert refused(callback()) == "bad signature"


@pytest.mark.usefixtures("then")
def test_while_a_secret_is_replaced_either_is_right():
    both = ["whsec_new", SECRET]
    other = sdk.WebhookSignature.generate_signature_header(BODY.decode(), "whsec_old", T)

    assert backend(both).read_callback(callback()).event_id == "evt_test_1"
    assert backend().read_callback(callback(header=f"{other},v1={HEADER.partition('v1=')[2]}"))
    assert refused(callback(), backend(["whsec_new", "whsec_old"])) == "bad signature"


def test_we_and_the_package_sign_alike():
    body = "{}Чашка".encode()
    header = sdk.WebhookSignature.generate_signature_header(body.decode(), SECRET, 1)

    assert header_of(body, secret=SECRET, stamp=1) == header


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"{}",
        b'{"object":"v2.core.event","id":"evt_1","type":"v1.billing.meter.error_report_triggered"}',
        b'{"object":"event","type":"charge.refunded"}',
        b'{"object":"event","id":"evt_1","type":"charge.refunded"}',
        b'{"object":"event","id":"evt_1","type":"charge.refunded","data":{"object":[]}}',
        b'{"object":"event","id":7,"type":"charge.refunded","data":{"object":{}}}',
    ],
)
def test_what_is_signed_and_makes_no_sense_is_refused(body):
    assert refused(signed(body)) == "bad event"


def test_a_settlement_without_an_amount_is_refused(stripe, checkout):
    stripe.pay(checkout.start(wanted()).reference)
    for amount in (None, "15000000", 150000.5, True):
        event = stripe.named("checkout.session.completed")
        event["data"]["object"]["amount_total"] = amount

        assert refused(stripe.signed(event), checkout) == "bad event"


def test_another_version_is_warned_of_once(stripe, checkout, caplog):
    account._warn_of_version.cache_clear()
    event = {**stripe.tell("customer.created", {"id": "cus_1"}), "api_version": "2020-08-27"}

    for _ in range(3):
        checkout.read_callback(stripe.signed(event))
    checkout.read_callback(stripe.signed({**event, "api_version": "2026-10-28.endive"}))

    (warning,) = caplog.records
    assert warning.getMessage().startswith("A Stripe endpoint speaks API version 2020-08-27,")


# --- what it means ---


def read(stripe, by, name):
    return by.read_callback(stripe.signed(stripe.named(name)))


def facts(event, *names):
    return {name: getattr(event, name) for name in names}


SAID = ("kind", "payment_id", "order_number", "reference", "other_reference")


def test_a_paid_session_settles(stripe, checkout):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    intent = stripe.sessions[started.reference]["payment_intent"]

    event = read(stripe, checkout, "checkout.session.completed")

    assert facts(event, *SAID, "amount", "currency", "is_live", "is_final") == {
        "kind": "settle",
        "payment_id": PAYMENT_ID,
        "order_number": NUMBER,
        "reference": started.reference,
        "other_reference": intent,
        "amount": Decimal("150000.00"),
        "currency": "UZS",
        "is_live": False,
        "is_final": True,
    }
    assert event.event_id == stripe.named("checkout.session.completed")["id"]
    assert event.at == stripe.named("checkout.session.completed")["created"] * 1000


def test_the_intent_of_a_session_settles_the_same_payment(stripe, checkout):
    started = checkout.start(wanted())
    stripe.pay(started.reference)

    event = read(stripe, checkout, "payment_intent.succeeded")

    assert facts(event, *SAID, "amount") == {
        "kind": "settle",
        "payment_id": PAYMENT_ID,
        "order_number": NUMBER,
        "reference": "",
        "other_reference": stripe.sessions[started.reference]["payment_intent"],
        "amount": Decimal("150000.00"),
    }


def test_a_paid_intent_settles(stripe, intent):
    started = intent.start(wanted())
    stripe.pay(started.reference)

    event = read(stripe, intent, "payment_intent.succeeded")

    assert facts(event, *SAID, "amount", "currency") == {
        "kind": "settle",
        "payment_id": PAYMENT_ID,
        "order_number": NUMBER,
        "reference": started.reference,
        "other_reference": "",
        "amount": Decimal("150000.00"),
        "currency": "UZS",
    }


def test_real_money_says_so():
    with FakeStripe(api_key="sk_live_made_up_0001") as live:
        by = StripeBackend(**live.options)
        live.pay(by.start(wanted()).reference)

        assert read(live, by, "checkout.session.completed").is_live is True


def test_nothing_owed_is_paid(stripe, checkout):
    stripe.pay(checkout.start(wanted()).reference)
    event = stripe.named("checkout.session.completed")
    event["data"]["object"].update(payment_status="no_payment_required", amount_total=0)

    told = checkout.read_callback(stripe.signed(event))

    assert (told.kind, told.amount) == ("settle", Decimal(0))


def test_a_slow_bank_is_waited_for(stripe, checkout):
    reference = checkout.start(wanted()).reference
    stripe.pay(reference, "delayed")

    assert read(stripe, checkout, "checkout.session.completed").kind == "note"
    assert read(stripe, checkout, "payment_intent.processing").kind == "note"

    stripe.settle_delayed(reference)

    event = read(stripe, checkout, "checkout.session.async_payment_succeeded")
    assert (event.kind, event.amount) == ("settle", Decimal("150000.00"))


def test_a_slow_bank_may_say_no(stripe, checkout):
    reference = checkout.start(wanted()).reference
    stripe.pay(reference, "delayed")
    stripe.settle_delayed(reference, is_paid=False)

    event = read(stripe, checkout, "checkout.session.async_payment_failed")

    assert facts(event, "kind", "outcome", "reason", "payment_id") == {
        "kind": "close",
        "outcome": "failed",
        "reason": "async_payment_failed",
        "payment_id": PAYMENT_ID,
    }


def test_a_page_that_ran_out_closes(stripe, checkout):
    checkout.start(wanted())
    stripe.seconds_ahead = 33 * 60
    stripe.run_out()

    event = read(stripe, checkout, "checkout.session.expired")

    assert facts(event, "kind", "outcome", "payment_id") == {
        "kind": "close", "outcome": "expired", "payment_id": PAYMENT_ID,
    }  # fmt: skip


@pytest.mark.parametrize("by", ["checkout", "intent"])
def test_a_declined_card_ends_nothing(stripe, by, request):
    by = request.getfixturevalue(by)
    reference = by.start(wanted()).reference
    stripe.pay(reference, "declined")

    event = read(stripe, by, "payment_intent.payment_failed")

    assert facts(event, "kind", "reason", "payment_id") == {
        "kind": "note", "reason": "insufficient_funds", "payment_id": PAYMENT_ID,
    }  # fmt: skip
    stripe.pay(reference)
    assert read(stripe, by, "payment_intent.succeeded").kind == "settle"


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("abandoned", "cancelled"), ("requested_by_customer", "cancelled"),
     ("automatic", "expired"), ("expired", "expired")],
)  # fmt: skip
def test_a_cancelled_intent_closes(stripe, intent, reason, outcome):
    reference = intent.start(wanted()).reference
    stripe.cancel(stripe.intents[reference], reason)

    event = read(stripe, intent, "payment_intent.canceled")

    assert facts(event, "kind", "outcome", "reason", "reference") == {
        "kind": "close", "outcome": outcome, "reason": reason, "reference": reference,
    }  # fmt: skip


def test_money_set_aside_is_authorized(stripe, intent):
    found = stripe.intents[intent.start(wanted()).reference]
    found.update(status="requires_capture", amount_capturable=15_000_000)
    stripe.tell("payment_intent.amount_capturable_updated", found)

    event = read(stripe, intent, "payment_intent.amount_capturable_updated")

    assert (event.kind, event.amount) == ("authorize", Decimal("150000.00"))


def test_what_went_back_is_told_in_all_and_one_by_one(stripe, checkout):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    intent = stripe.sessions[started.reference]["payment_intent"]
    stripe.give_back(intent, 1_000_000)
    made = stripe.give_back(intent, 2_000_000, metadata={"shopkit_refund": REFUND_ID})

    reverse = read(stripe, checkout, "charge.refunded")
    refund = read(stripe, checkout, "refund.created")

    assert facts(reverse, *SAID, "amount") == {
        "kind": "reverse",
        "payment_id": PAYMENT_ID,
        "order_number": NUMBER,
        "reference": "",
        "other_reference": intent,
        "amount": Decimal("30000.00"),
    }
    assert facts(
        refund, "kind", "refund_id", "refund_reference", "refund_status", "amount", "currency",
        "other_reference",
    ) == {
        "kind": "refund",
        "refund_id": REFUND_ID,
        "refund_reference": made["id"],
        "refund_status": "succeeded",
        "amount": Decimal("20000.00"),
        "currency": "UZS",
        "other_reference": intent,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["refund.updated", "refund.failed", "charge.refund.updated", "refund.created"]
)
@pytest.mark.parametrize(
    ("status", "meaning"),
    [("pending", "pending"), ("requires_action", "pending"), ("succeeded", "succeeded"),
     ("failed", "failed"), ("canceled", "failed")],
)  # fmt: skip
def test_a_refund_is_in_the_state_that_stripe_says(stripe, checkout, name, status, meaning):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    made = stripe.give_back(stripe.sessions[started.reference]["payment_intent"])
    made.update(status=status, failure_reason="declined")
    stripe.tell(name, made)

    event = read(stripe, checkout, name)

    assert (event.kind, event.refund_status, event.reason) == ("refund", meaning, "declined")


def test_a_word_of_next_year_is_a_note(stripe, checkout):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    made = stripe.give_back(stripe.sessions[started.reference]["payment_intent"])
    stripe.tell("refund.updated", {**made, "status": "teleported"})
    stripe.tell("payment_intent.teleported", stripe.intents[made["payment_intent"]])

    assert read(stripe, checkout, "refund.updated").kind == "note"
    assert read(stripe, checkout, "payment_intent.teleported").kind == "note"


@pytest.mark.parametrize(
    "name", ["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"]
)
def test_a_dispute_is_one_piece_of_news_for_each_state(stripe, checkout, name):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    intent = stripe.sessions[started.reference]["payment_intent"]
    made = stripe.contest(intent, "needs_response")
    stripe.tell(f"charge.dispute.{name}", made)

    event = read(stripe, checkout, f"charge.dispute.{name}")

    assert facts(event, "kind", "event_id", "reason", "amount", "other_reference") == {
        "kind": "dispute",
        "event_id": f"{made['id']}:needs_response",
        "reason": "needs_response",
        "amount": Decimal("150000.00"),
        "other_reference": intent,
    }


def test_what_other_programs_of_the_account_did_is_a_note(stripe, checkout, intent):
    foreign = objects.intent(amount=1, currency="usd", metadata={}, now=1, is_live=False)
    charge = objects.charge(foreign, now=1)
    stripe.tell("payment_intent.succeeded", foreign)
    stripe.tell("charge.refunded", charge)
    for by in (checkout, intent):
        assert read(stripe, by, "payment_intent.succeeded").kind == "note"
        assert read(stripe, by, "charge.refunded").kind == "note"


def test_two_backends_of_one_account_leave_each_other_alone(stripe, checkout, intent):
    stripe.pay(checkout.start(wanted()).reference)
    names = ["checkout.session.completed", "payment_intent.succeeded"]
    assert [read(stripe, intent, name).kind for name in names] == ["note", "note"]

    reference = intent.start(wanted(payment_id="other")).reference
    stripe.pay(reference)
    stripe.give_back(reference, metadata={"shopkit_flow": "intent"})
    names = ["payment_intent.succeeded", "charge.refunded", "refund.created"]
    assert [read(stripe, checkout, name).kind for name in names] == ["note", "note", "note"]


def test_nothing_is_kept_that_names_a_customer_or_can_be_used(stripe, checkout, intent):
    started = checkout.start(wanted())
    stripe.pay(started.reference)
    stripe.give_back(stripe.sessions[started.reference]["payment_intent"])
    other = intent.start(wanted(payment_id="7d9f2c1e-0000-4000-8000-000000000002"))
    stripe.pay(other.reference, "declined")
    stripe.pay(other.reference)
    secrets = [
        "anna@",
        "Anna",
        "998901234567",
        "visa",
        "last4",
        "_secret_",
        "/pay/",
        "shop.example",
    ]

    for event in stripe.events:
        for by in (checkout, intent):
            kept = json.dumps(by.read_callback(stripe.signed(event)).data)
            assert event["id"] in kept
            assert [one for one in secrets if one in kept] == []


def test_every_event_that_we_read_is_one_that_an_endpoint_can_have():
    from stripe.params import WebhookEndpointCreateParams

    declared = str(WebhookEndpointCreateParams.__annotations__["enabled_events"])
    assert [name for name in READERS if f"'{name}'" not in declared] == []


def test_the_answer_is_a_bare_yes(stripe, checkout):
    stripe.pay(checkout.start(wanted()).reference)
    event = read(stripe, checkout, "checkout.session.completed")

    assert checkout.answer_callback(event, Outcome(refusal="wrong_amount")).status == 200


def test_intents_verify_too(stripe):
    by = StripeIntentBackend(**stripe.options)
    event = stripe.tell("customer.created", {"id": "cus_1"})

    assert refused(stripe.signed(event, secret="whsec_forged"), by) == "bad signature"
