"""One message: sent once, tried again only where nothing was sent, dropped when it is too late."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.core.errors import BackendError
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.notifications.errors import OutcomeUnknown, Undeliverable
from shopkit.notifications.models import Event, Message, Notification
from shopkit.notifications.recipients import of_user
from shopkit.notifications.services import (
    Choice,
    News,
    change_preferences,
    deliver_message,
    forget_events,
    retry_messages,
    tell,
)
from tests.orders.conftest import fill, place

from .sinks import HERE, plan

pytestmark = pytest.mark.django_db(transaction=True)
PLANNED = {"BACKEND": f"{HERE}.PlannedChannel"}
METERED = {"BACKEND": f"{HERE}.MeteredChannel"}


@pytest.fixture(autouse=True)
def site(configure, settings):
    """Welcomes go through the planned channel, when the test says so."""
    plan.reset()
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    configure(CHANNELS={"planned": PLANNED}, ROUTES={"welcome": ["planned"]})


def welcome(user, *, key="1", **changes):
    news = {"kind": "welcome", "key": key, "about": f"user:{user.pk}", **changes}
    tell(News(**news), [of_user(user)])
    return Message.objects.get(event__key=f"welcome:{key}")


def state_of(message):
    message.refresh_from_db()
    return message.state, message.reason, message.attempts


def now_due():
    Delivery.objects.pending().update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_message_is_sent_once_however_often_it_is_delivered(user):
    message = welcome(user)

    for _ in range(3):
        deliver_message(message.pk)

    assert len(plan.taken) == 1
    assert state_of(message) == ("sent", "", 1)
    assert message.ended_at is not None


def test_what_failed_is_tried_again_and_then_arrives(user):
    message = welcome(user)
    plan.failures = [BackendError(), BackendError()]

    deliver_all()
    assert state_of(message) == ("waiting", "service_unavailable", 1)
    assert message.ended_at is None
    now_due()
    deliver_all()
    now_due()
    deliver_all()

    assert state_of(message) == ("sent", "", 3)
    assert len(plan.taken) == 1
    assert not Delivery.objects.pending().exists()


def test_one_channel_that_fails_holds_up_no_other(user, configure):
    configure(
        CHANNELS={"planned": PLANNED, "memory": {**PLANNED}},
        ROUTES={"welcome": ["planned", "memory"]},
    )
    tell(News(kind="welcome", key="1", about="user:1"), [of_user(user)])
    plan.failures = [BackendError()]

    deliver_all()

    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "waiting"]
    now_due()
    deliver_all()
    assert len(plan.taken) == 2


def test_news_of_a_kind_that_is_gone_by_now_is_sent_all_the_same(user, configure):
    configure(ORDER_URL="https://shop.example/orders/{number}/")
    message = welcome(user)
    Event.objects.update(kind="never_heard_of", about="order:7K3M9-QX2TD")

    deliver_message(message.pk)

    assert state_of(message)[0] == "sent"
    assert len(plan.taken) == 1


def test_an_unknown_outcome_is_not_sent_again(user):
    message = welcome(user)
    plan.failures = [OutcomeUnknown()]

    deliver_all()
    now_due()
    deliver_all()
    deliver_message(message.pk)

    assert state_of(message) == ("unknown", "notification_outcome_unknown", 1)
    assert plan.taken == []


def test_a_dead_address_is_not_tried_again(user):
    message = welcome(user)
    plan.failures = [Undeliverable()]

    deliver_all()
    deliver_message(message.pk)

    assert state_of(message) == ("failed", "notification_undeliverable", 1)
    assert plan.taken == []
    assert not Delivery.objects.pending().exists()


def test_a_bug_in_a_channel_is_told_and_not_repeated(user):
    message = welcome(user)
    plan.failures = [RuntimeError("a bug")]

    deliver_all()
    assert state_of(message) == ("unknown", "error", 1)
    assert "RuntimeError" in Delivery.objects.pending().get().last_error
    now_due()
    deliver_all()

    assert plan.taken == []
    assert not Delivery.objects.pending().exists()


def test_a_message_whose_sender_died_is_given_up_after_half_a_lease(user):
    message = welcome(user)
    Message.objects.update(state="sending", attempts=1, claimed_at=timezone.now())

    deliver_message(message.pk)
    assert state_of(message)[0] == "sending"
    Message.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    deliver_message(message.pk)

    assert state_of(message) == ("unknown", "interrupted", 1)
    assert plan.taken == []


def test_staff_can_send_again_what_a_dead_sender_left(user):
    message = welcome(user)
    Message.objects.update(state="sending", attempts=1, claimed_at=timezone.now())
    assert retry_messages([message.pk]) == 0  # somebody is at it

    Message.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    assert retry_messages([message.pk]) == 1
    deliver_all()

    assert state_of(message) == ("sent", "", 2)


def test_nothing_is_locked_while_a_channel_sends(user, monkeypatch):
    message = welcome(user)
    inside = []
    monkeypatch.setattr(plan, "take", lambda *_: inside.append(connection.in_atomic_block))

    deliver_message(message.pk)

    assert inside == [False]


def test_what_is_too_old_is_dropped_and_staff_can_send_it_still(user, configure):
    configure(MAX_AGE=timedelta(hours=2))
    message = welcome(user, at=timezone.now() - timedelta(hours=3))

    deliver_all()
    assert state_of(message) == ("dropped", "too_old", 0)
    assert Notification.objects.filter(user=user).count() == 1

    assert retry_messages([message.pk]) == 1
    deliver_all()
    assert state_of(message) == ("sent", "", 1)


def test_a_choice_made_meanwhile_counts(user):
    message = welcome(user)
    change_preferences(user, [Choice(kind="welcome", channel="planned", is_enabled=False)])

    deliver_all()

    assert state_of(message) == ("dropped", "not_wanted", 0)


def test_a_user_switched_off_meanwhile_is_not_written_to(user):
    message = welcome(user)
    user.is_active = False
    user.save()

    deliver_all()

    assert state_of(message) == ("dropped", "nobody", 0)


def test_an_address_that_is_gone_is_not_written_to(user, configure):
    configure(
        CHANNELS={"email": {"BACKEND": "shopkit.notifications.channels.email.EmailChannel"}},
        ROUTES={"welcome": ["email"]},
        CONTACTS="shopkit.notifications.contacts.contacts_of_model",
    )
    message = welcome(user)
    user.email = ""
    user.save()

    deliver_all()

    assert state_of(message) == ("dropped", "no_address", 0)


def test_a_channel_taken_out_of_the_settings_drops_its_messages(user, configure):
    message = welcome(user)
    configure(CHANNELS={})

    deliver_all()

    assert state_of(message) == ("dropped", "no_address", 0)


def test_a_channel_that_no_longer_imports_drops_its_messages_and_says_so(user, configure):
    message = welcome(user)
    configure(CHANNELS={"planned": {"BACKEND": "nowhere.Channel"}})

    with pytest.raises(ImproperlyConfigured):
        deliver_message(message.pk)

    assert state_of(message)[0] == "waiting"


def test_a_message_that_is_gone_is_no_error():
    deliver_message("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def guests(configure, cup, settings):
    """Guests order, and all of them type the same address."""
    settings.EMAIL_BACKEND = f"{HERE}.PlannedMail"
    configure(CHANNELS=None, GUEST_PER_DESTINATION=["2/hour", "3/day"])

    def order(times, email="victim@example.com"):
        for _ in range(times):
            guest = APIClient()
            fill(guest, (cup, 1))
            contact = {"name": "Guest", "phone": "+998901234567", "email": email}
            assert place(guest, contact=contact).status_code == 201
        deliver_all()

    return order


def test_strangers_cannot_flood_an_address(guests):
    guests(3)
    guests(2, email="Victim@Example.com")
    guests(1, email="other@example.com")

    assert [to for to, _ in plan.taken] == ["victim@example.com"] * 2 + ["other@example.com"]
    dropped = Message.objects.filter(state="dropped")
    assert list(dropped.values_list("reason", flat=True)) == ["limited"] * 3


def test_a_budget_fills_again_when_its_window_is_over(guests):
    guests(2)
    Message.objects.update(claimed_at=F("claimed_at") - timedelta(minutes=61))

    guests(2)

    assert len(plan.taken) == 3  # the hour's again, the day's no more


def test_an_address_is_counted_by_a_hash(guests):
    guests(1)

    [key] = Message.objects.values_list("destination_key", flat=True)
    assert len(key) == 64
    assert "victim" not in str([*Message.objects.values(), *Event.objects.values()])


def test_what_costs_money_is_limited_for_everybody(user, configure):
    configure(
        CHANNELS={"planned": METERED},
        METERED_PER_CHANNEL=["2/hour"],
    )
    for number in range(3):
        welcome(user, key=str(number))
    deliver_all()

    assert len(plan.taken) == 2
    assert Message.objects.filter(state="dropped", reason="limited").count() == 1


def test_what_was_sent_is_not_sent_again_by_a_retry(user):
    message = welcome(user)
    deliver_all()

    assert retry_messages([message.pk]) == 0
    deliver_all()

    assert len(plan.taken) == 1


@pytest.mark.parametrize("failure", [OutcomeUnknown, Undeliverable])
def test_staff_can_send_again_what_did_not_arrive(user, failure):
    message = welcome(user)
    plan.failures = [failure()]
    deliver_all()

    assert retry_messages([message.pk]) == 1
    deliver_all()

    assert state_of(message) == ("sent", "", 2)


def test_old_events_are_forgotten_with_all_that_hangs_on_them(user, configure):
    welcome(user, key="old", at=timezone.now() - timedelta(days=181))
    welcome(user, key="new", at=timezone.now() - timedelta(days=179))

    assert forget_events() == 1

    assert list(Event.objects.values_list("key", flat=True)) == ["welcome:new"]
    assert (Message.objects.count(), Notification.objects.count()) == (1, 1)


def test_messages_go_with_their_user(user):
    welcome(user)

    user.delete()

    assert (Message.objects.count(), Notification.objects.count()) == (0, 0)
