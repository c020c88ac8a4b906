"""Twice at once: told once, sent once, moved once. Each seen failing on a naive variant first."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.notifications.channels.loading import load_channel
from shopkit.notifications.models import Event, Message, Notification
from shopkit.notifications.recipients import find, of_user
from shopkit.notifications.services import News, deliver_message, tell
from shopkit.notifications.services.budgets import has_room, key_of
from shopkit.notifications.services.outgoing import outgoing_of
from shopkit.notifications.services.presses import Press, decide
from shopkit.orders.models import Order, OrderEvent
from tests.orders.conftest import fill, place
from tests.threads import at_once, kinds

from .conftest import STAFF_CHAT, allow, reach
from .sinks import HERE, plan

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
TWENTY = range(20)


@pytest.fixture(autouse=True)
def site(configure, settings):
    """Sending takes long enough for others to come between."""
    plan.reset()
    plan.pause = 0.05
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    configure(
        CHANNELS={"planned": {"BACKEND": f"{HERE}.PlannedChannel"}},
        ROUTES={"welcome": ["planned"]},
    )


def news(user, key="1"):
    return News(kind="welcome", key=key, about=f"user:{user.pk}")


def naive_delivery(pk):
    """Look first, then send, then write down that it was sent."""
    message = Message.objects.select_related("event").get(pk=pk)
    if message.state != "waiting":
        return
    channel = load_channel(message.channel)
    channel.send(outgoing_of(message, channel.address_of(find(message.recipient))))
    Message.objects.filter(pk=pk).update(state="sent", ended_at=timezone.now())


def test_a_message_delivered_by_twenty_at_once_is_sent_once(user):
    tell(news(user), [of_user(user)])
    pk = Message.objects.get().pk

    outcomes = at_once([lambda: deliver_message(pk) for _ in TWENTY], together=20)

    assert kinds(outcomes) == {"ok": 20}
    assert len(plan.taken) == 1
    assert Message.objects.get().state == "sent"


def test_the_naive_delivery_sends_twice(user):
    tell(news(user), [of_user(user)])
    pk = Message.objects.get().pk

    at_once([lambda: naive_delivery(pk) for _ in TWENTY], together=20)

    assert len(plan.taken) > 1


def naive_telling(said, recipient):
    """Look first, then write: what ``tell`` does not do."""
    if Event.objects.filter(key=f"{said.kind}:{said.key}").exists():
        return
    event = Event.objects.create(
        key=f"{said.kind}:{said.key}", kind=said.kind, about=said.about, at=timezone.now()
    )
    Notification.objects.create(user=recipient.user, event=event)


def test_a_fact_told_by_twenty_at_once_makes_one_event(user):
    recipient = of_user(user)

    for key in map(str, range(5)):
        said = news(user, key)
        outcomes = at_once([lambda s=said: tell(s, [recipient]) for _ in TWENTY], together=20)
        assert sorted(outcomes) == [False] * 19 + [True]

    assert (Event.objects.count(), Notification.objects.count()) == (5, 5)
    assert Message.objects.count() == 5


def test_the_naive_telling_trips_over_its_twin(user):
    found = {}
    for key in map(str, range(5)):
        said = news(user, key)
        calls = [lambda s=said: naive_telling(s, of_user(user)) for _ in TWENTY]
        for kind, count in kinds(at_once(calls, together=20)).items():
            found[kind] = found.get(kind, 0) + count

    assert found.get("IntegrityError", 0) > 0


@pytest.fixture
def ten_to_one_address(cup, configure, settings):
    """Ten guests typed the same address; nothing was sent yet. Two an hour may be."""
    settings.EMAIL_BACKEND = f"{HERE}.PlannedMail"
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"MAX_OPEN_PER_PHONE": None}}
    configure(CHANNELS=None, GUEST_PER_DESTINATION=["2/hour"])
    for _ in range(10):
        guest = APIClient()
        fill(guest, (cup, 1))
        contact = {"name": "G", "phone": "+998901234567", "email": "victim@example.com"}
        assert place(guest, contact=contact).status_code == 201
    from shopkit.notifications.services.orders import tell_placed

    for pk in Order.objects.values_list("pk", flat=True):
        tell_placed(pk)
    return list(Message.objects.values_list("pk", flat=True))


def test_a_budget_of_two_lets_two_of_ten_at_once_through(ten_to_one_address):
    at_once([lambda pk=pk: deliver_message(pk) for pk in ten_to_one_address])

    assert len(plan.taken) == 2
    states = Message.objects.order_by("state").values_list("state", "reason")
    assert list(states) == [("dropped", "limited")] * 8 + [("sent", "")] * 2


def naive_claim(pk):
    """Count without holding the count."""
    message = Message.objects.select_related("event").get(pk=pk)
    key = key_of("victim@example.com")
    counted = Message.objects.filter(destination_key=key).count()
    if counted >= 2:
        return
    plan.take("victim@example.com", "")
    Message.objects.filter(pk=message.pk).update(destination_key=key)


def test_the_naive_count_lets_more_through(ten_to_one_address):
    assert callable(has_room)

    at_once([lambda pk=pk: naive_claim(pk) for pk in ten_to_one_address])

    assert len(plan.taken) > 2


@pytest.fixture
def staff_of_ten(db, configure):
    configure(STAFF_CHAT_ID=STAFF_CHAT)
    users = [
        get_user_model().objects.create_user(f"staff{n}", password="x", is_staff=True)
        for n in range(10)
    ]
    return [allow(reach(one, chat=1000 + n)) for n, one in enumerate(users)]


def press(number, action, n):
    return Press(number=number, action=action, telegram_id=1000 + n, chat_id=STAFF_CHAT)


def test_ten_presses_at_once_decide_once(staff_of_ten, as_user, cup):
    for _ in range(3):
        fill(as_user, (cup, 1))
        number = place(as_user).json()["number"]
        calls = [
            lambda n=n, number=number: decide(press(number, ("confirm", "cancel")[n % 2], n))
            for n in range(10)
        ]

        verdicts = at_once(calls)

        assert sorted(one.is_done for one in verdicts) == [False] * 9 + [True]
        moved = OrderEvent.objects.filter(order__number=number).exclude(from_status="")
        assert moved.count() == 1


def naive_decision(number, action):
    """Look, then move, each for itself."""
    from shopkit.orders.services import cancel_order, move_order

    order = Order.objects.get(number=number)
    if order.status != "placed":
        return False
    if action == "confirm":
        move_order(order.pk, to="processing", by="staff")
    else:
        cancel_order(order.pk, by="staff")
    return True


def test_the_naive_decision_confirms_and_cancels(as_user, cup):
    moves = []
    for _ in range(8):
        fill(as_user, (cup, 1))
        number = place(as_user).json()["number"]
        at_once(
            [
                lambda n=n, number=number: naive_decision(number, ("confirm", "cancel")[n % 2])
                for n in range(10)
            ]
        )
        rows = OrderEvent.objects.filter(order__number=number).exclude(from_status="")
        moves.append(rows.count())

    assert max(moves) > 1
