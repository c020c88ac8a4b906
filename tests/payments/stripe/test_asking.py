"""What Stripe says when it is asked: the state of an attempt, and the end of one."""

from decimal import Decimal

import pytest

from shopkit.core.errors import BackendError
from shopkit.payments.backends.stripe import StripeBackend

from .conftest import PAYMENT_ID, REFUND_ID, snapshot, wanted

BOTH = pytest.mark.parametrize("by", ["checkout", "intent"], indirect=True)


@pytest.fixture
def by(request):
    return request.getfixturevalue(request.param)


def told(events):
    return [(event.kind, event.amount) for event in events]


@BOTH
def test_an_attempt_that_waits_has_no_news(stripe, by):
    started = by.start(wanted())

    assert list(by.look_up(snapshot(started))) == []


@BOTH
def test_a_paid_one_settles(stripe, by):
    started = by.start(wanted())
    stripe.pay(started.reference)

    (event,) = by.look_up(snapshot(started))

    assert (event.kind, event.payment_id, event.reference, event.amount, event.currency) == (
        "settle", PAYMENT_ID, started.reference, Decimal("150000.00"), "UZS",
    )  # fmt: skip
    assert event.is_live is False


@BOTH
def test_what_was_paid_when_nobody_heard_of_the_attempt_is_found(stripe, by):
    started = by.start(wanted())
    by.start(wanted(payment_id="7d9f2c1e-0000-4000-8000-000000000002"))
    stripe.pay(started.reference)

    (event,) = by.look_up(snapshot())

    assert (event.kind, event.reference) == ("settle", started.reference)


@BOTH
def test_an_attempt_that_stripe_never_heard_of_has_no_news(stripe, by):
    by.start(wanted(payment_id="7d9f2c1e-0000-4000-8000-000000000002"))

    assert list(by.look_up(snapshot())) == []
    assert list(by.close(snapshot())) == []
    assert list(by.look_up(snapshot(reference="cs_test_unknown"))) == []
    assert list(by.close(snapshot(reference="cs_test_unknown"))) == []


@BOTH
def test_what_went_back_is_told_after_what_came(stripe, by):
    started = by.start(wanted())
    stripe.pay(started.reference)
    (intent,) = stripe.intents
    stripe.give_back(intent, 1_000_000, metadata={"shopkit_refund": REFUND_ID})
    stripe.give_back(intent, 2_000_000)

    events = by.look_up(snapshot(started))

    assert told(events) == [
        ("settle", Decimal("150000.00")),
        ("refund", Decimal("10000.00")),
        ("refund", Decimal("20000.00")),
        ("reverse", Decimal("30000.00")),
    ]
    assert events[1].refund_id == REFUND_ID
    assert len({event.event_id for event in events}) == 4
    assert [one.event_id for one in by.look_up(snapshot(started))] == [
        one.event_id for one in events
    ]


@BOTH
def test_a_refund_that_came_back_is_told(stripe, by):
    started = by.start(wanted())
    stripe.pay(started.reference)
    (intent,) = stripe.intents
    made = stripe.give_back(intent)
    stripe.finish_refund(made["id"], "failed")

    events = by.look_up(snapshot(started))

    assert [(one.kind, one.refund_status) for one in events[1:]] == [("refund", "failed")]
    assert stripe.ledger() == {"uzs": 15_000_000}


def test_a_page_that_ran_out_is_told(stripe, checkout):
    started = checkout.start(wanted())
    stripe.seconds_ahead = 33 * 60

    (event,) = checkout.look_up(snapshot(started))

    assert (event.kind, event.outcome, event.payment_id) == ("close", "expired", PAYMENT_ID)


@BOTH
def test_a_gateway_that_is_away_is_no_news(stripe, by):
    started = by.start(wanted())
    stripe.fail_next(500, times=6)

    with pytest.raises(BackendError):
        by.look_up(snapshot(started))
    with pytest.raises(BackendError):
        by.close(snapshot(started))


# --- closing ---


@BOTH
def test_a_closed_attempt_cannot_be_paid(stripe, by):
    started = by.start(wanted())

    (event,) = by.close(snapshot(started))

    assert (event.kind, event.payment_id) == ("close", PAYMENT_ID)
    with pytest.raises(ValueError, match="any more"):
        stripe.pay(started.reference)
    assert [one.kind for one in by.close(snapshot(started))] == ["close"]


@BOTH
def test_an_attempt_that_nobody_heard_of_is_closed_too(stripe, by):
    started = by.start(wanted())

    (event,) = by.close(snapshot())

    assert (event.kind, event.reference) == ("close", started.reference)


@BOTH
def test_one_that_was_paid_meanwhile_is_not_closed_but_settled(stripe, by):
    started = by.start(wanted())
    stripe.pay(started.reference)

    assert told(by.close(snapshot(started))) == [("settle", Decimal("150000.00"))]


@BOTH
def test_one_that_waits_for_a_slow_bank_is_neither(stripe, by):
    started = by.start(wanted())
    stripe.pay(started.reference, "delayed")

    assert [one.kind for one in by.close(snapshot(started))] == ["note"]
    assert list(by.look_up(snapshot(started))) == []


@BOTH
def test_one_that_stripe_will_not_end_is_not_said_to_be_closed(stripe, by):
    started = by.start(wanted())
    stripe.fail_next(400, code="made_up")

    with pytest.raises(BackendError):
        by.close(snapshot(started))


def test_closing_without_an_answer_is_done_again(stripe):
    backend = StripeBackend(**{**stripe.options, "timeout": 0.3})
    started = backend.start(wanted())
    stripe.lose_answers(3)
    with pytest.raises(BackendError):
        backend.close(snapshot(started))

    assert [one.kind for one in backend.close(snapshot(started))] == ["close"]


@BOTH
def test_a_question_that_is_declined_is_no_news(stripe, by):
    started = by.start(wanted())
    stripe.fail_next(400, code="made_up")

    with pytest.raises(BackendError):
        by.look_up(snapshot(started))


def test_a_paid_intent_without_its_charge_settles(stripe, intent):
    started = intent.start(wanted())
    stripe.pay(started.reference)
    stripe.intents[started.reference]["latest_charge"] = None

    assert told(intent.look_up(snapshot(started))) == [("settle", Decimal("150000.00"))]
