"""Forgetting from the command line."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from shopkit.notifications.models import Event
from shopkit.notifications.testing import make_notification


@pytest.mark.django_db
def test_the_command_forgets_what_is_old(user, capsys):
    make_notification(user, key="old")
    make_notification(user, key="new")
    long_ago = timezone.now() - timedelta(days=200)
    Event.objects.filter(key="welcome:old").update(at=long_ago)

    call_command("shopkit_forget_notifications")

    assert capsys.readouterr().out == "1 events were forgotten.\n"
    assert list(Event.objects.values_list("key", flat=True)) == ["welcome:new"]
