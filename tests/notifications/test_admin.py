"""Admin of notifications: all is seen, nothing is edited, no address is shown."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from shopkit.core.errors import BackendError
from shopkit.core.facts import deliver_all
from shopkit.notifications.models import Event, Message, Notification, Preference
from shopkit.notifications.recipients import of_user
from shopkit.notifications.services import News, tell

from .conftest import reach
from .sinks import HERE, plan

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = "/admin/shopkit_notifications/"


@pytest.fixture(autouse=True)
def site(configure, settings):
    plan.reset()
    settings.EMAIL_BACKEND = f"{HERE}.PlannedMail"
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    configure(ROUTES={"welcome": ["email"]})


@pytest.fixture
def message(user):
    """A message that was given up."""
    reach(user, email="secret@example.com")
    Preference.objects.create(user=user, kind="order_placed", channel="email", is_enabled=False)
    tell(News(kind="welcome", key="1", about=f"user:{user.pk}"), [of_user(user)])
    plan.failures = [BackendError()] * 99
    deliver_all()
    plan.failures = []
    return Message.objects.get()


@pytest.fixture
def boss(staff):
    browser = Client()
    browser.force_login(staff)
    return browser


@pytest.mark.parametrize("page", ["event", "notification", "message", "preference"])
def test_lists_and_pages_open_and_show_no_address(boss, message, page):
    model = {
        "event": Event,
        "notification": Notification,
        "message": Message,
        "preference": Preference,
    }[page]
    row = model.objects.get()

    listed = boss.get(f"{ADMIN}{page}/", {"q": "user"})
    shown = boss.get(f"{ADMIN}{page}/{row.pk}/change/")

    for answer in (listed, shown):
        assert answer.status_code == 200
        assert "secret@example.com" not in answer.content.decode()


def test_an_event_is_shown_in_words(boss, message):
    event = Event.objects.get()

    assert "Welcome!" in boss.get(f"{ADMIN}event/").content.decode()
    assert "Your account is ready." in boss.get(f"{ADMIN}event/{event.pk}/change/").content.decode()


@pytest.mark.parametrize("page", ["event", "notification", "message", "preference"])
def test_nothing_is_typed_in(boss, message, page):
    assert boss.get(f"{ADMIN}{page}/add/").status_code == 403


def send_again(browser, message):
    return browser.post(
        f"{ADMIN}message/",
        {"action": "send_again", "_selected_action": [str(message.pk)]},
        follow=True,
    )


def test_a_message_is_sent_again_from_the_list(boss, message):
    assert message.state == "waiting"
    Message.objects.update(state="failed", ended_at=message.created_at)

    answer = send_again(boss, message)
    deliver_all()

    assert "1 message will be sent." in answer.content.decode()
    message.refresh_from_db()
    assert message.state == "sent"
    assert len(plan.taken) == 1


def test_who_may_only_look_sends_nothing(message):
    viewer = get_user_model().objects.create_user("viewer", password="x", is_staff=True)
    viewer.user_permissions.add(
        Permission.objects.get(
            content_type__app_label="shopkit_notifications", codename="view_message"
        )
    )
    browser = Client()
    browser.force_login(viewer)
    Message.objects.update(state="failed", ended_at=message.created_at)

    send_again(browser, message)

    message.refresh_from_db()
    assert message.state == "failed"


def test_a_user_can_be_deleted_with_all_that_was_told(boss, message, user):
    answer = boss.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302
    assert not Message.objects.exists()
