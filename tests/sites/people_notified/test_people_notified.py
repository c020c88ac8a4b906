"""A site without goods greets its users in their inbox, and needs no app of the goods tower."""

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from rest_framework.test import APIClient

from shopkit.accounts.services import register
from shopkit.accounts.services.contacts import bind_contact
from shopkit.notifications.models import Message
from shopkit.notifications.recipients import of_user
from shopkit.notifications.services import News, tell

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        apps.is_installed("shopkit.orders"),
        reason="run with DJANGO_SETTINGS_MODULE=tests.sites.people_notified.settings",
    ),
]


@pytest.fixture
def aygul():
    return register(username="aygul", password="demo-aygul-1234")


def test_the_site_passes_its_checks_and_misses_no_migration():
    call_command("check", "--fail-level", "WARNING")
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_new_user_finds_one_welcome(aygul):
    client = APIClient()
    client.force_authenticate(aygul)

    rows = client.get("/api/v1/notifications/").json()["results"]

    assert [row["kind"] for row in rows] == ["welcome"]


def test_a_site_may_send_its_greeting_too(settings, aygul):
    told = {"ROUTES": {"welcome": ["email"]}}
    settings.SHOPKIT = {**settings.SHOPKIT, "NOTIFICATIONS": told}
    with transaction.atomic():
        bind_contact(aygul, "aygul@example.com")

    tell(News(kind="welcome", key="again", about="user:1"), [of_user(aygul)])

    assert [one.to for one in mail.outbox] == [["aygul@example.com"]]
    assert list(Message.objects.values_list("state", flat=True)) == ["sent"]
