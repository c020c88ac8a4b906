"""Settings of notifications that would tell nobody are found at start-up."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from shopkit.notifications.conf import DEFAULT_ROUTES, notifications_settings
from shopkit.notifications.kinds import KINDS

from .conftest import MEMORY


def found():
    prefix = "shopkit.notifications."
    messages = run_checks(tags=["shopkit"])
    return [one.id.removeprefix(prefix) for one in messages if one.id.startswith(prefix)]


def test_every_kind_has_a_default_route_and_the_other_way_round():
    assert DEFAULT_ROUTES.keys() == KINDS.keys()


def test_the_defaults_are_sound(settings):
    settings.SHOPKIT = {
        name: value for name, value in settings.SHOPKIT.items() if name != "NOTIFICATIONS"
    }

    assert found() == []


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({"CHANNELS": {"memory": MEMORY}}, []),
        ({"CHANNELS": {"memory": {"BACKEND": "nowhere.Channel"}}}, ["E001"]),
        ({"CHANNELS": {"memory": {**MEMORY, "OPTIONS": {"colour": "red"}}}}, ["E001"]),
        ({"CHANNELS": {"memory": {"BACKEND": "shopkit.core.errors.Refusal"}}}, ["E001"]),
        ({"CONTACTS": "nowhere.contacts"}, ["E002"]),
        ({"STAFF_USER": "shopkit.notifications.people.user_of"}, []),
        ({"STAFF_USER": "nowhere.user"}, ["E002"]),
        ({"ROUTES": {"order_placed": ["email", "telegram/sms"]}}, []),
        ({"ROUTES": {"order_placed": ["pigeon"]}}, ["W001"]),
        ({"ROUTES": {"order_placed": ["telegram/pigeon"]}}, ["W001"]),
        ({"GUEST_CHANNELS": ["email", "pigeon"]}, ["W001"]),
        ({"STAFF_CHAT_ID": -100}, ["W002"]),
    ],
)
def test_what_is_wrong_is_found(configure, values, ids):
    configure(**values)

    assert found() == ids


def test_a_staff_chat_whose_buttons_are_answered_is_sound(staff_chat):
    assert found() == []


@pytest.mark.parametrize("app", ["sms", "telegram"])
def test_a_channel_whose_app_is_missing_is_absent(settings, configure, app):
    settings.INSTALLED_APPS = [one for one in settings.INSTALLED_APPS if one != f"shopkit.{app}"]
    assert found() == []

    configure(ROUTES={"order_placed": [app]})
    assert found() == ["W001"]


def test_a_staff_chat_without_the_bots_app_cannot_work(settings, configure):
    settings.INSTALLED_APPS = [one for one in settings.INSTALLED_APPS if one != "shopkit.telegram"]
    configure(STAFF_CHAT_ID=-100)

    assert found() == ["E003"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"ROUTES": {"never_heard_of": []}}, "unknown kinds: never_heard_of"),
        ({"ROUTES": {"order_placed": "email"}}, "order_placed must be a list"),
        ({"ROUTES": {"order_placed": [""]}}, "order_placed must be a list"),
        ({"GUEST_CHANNELS": "email"}, "GUEST_CHANNELS"),
        ({"STAFF_EMAILS": "boss@example.com"}, "STAFF_EMAILS"),
        ({"COUNTRIES": "UZ"}, "COUNTRIES"),
        ({"GUEST_PER_DESTINATION": ["many"]}, "GUEST_PER_DESTINATION"),
        ({"METERED_PER_CHANNEL": ["0/hour"]}, "METERED_PER_CHANNEL"),
        ({"MAX_AGE": timedelta(0)}, "MAX_AGE"),
        ({"KEEP": timedelta(days=1)}, "KEEP"),
        ({"ORDER_URL": "https://shop.example/orders/"}, "ORDER_URL"),
        ({"ORDER_URL": "javascript:{number}"}, "ORDER_URL"),
        ({"PREFERENCES_URL": "shop.example"}, "PREFERENCES_URL"),
    ],
)
def test_a_value_out_of_range_is_refused(configure, values, text):
    configure(**values)

    with pytest.raises(ImproperlyConfigured, match=text):
        notifications_settings()
