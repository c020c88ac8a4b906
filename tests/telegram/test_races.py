"""Telegram repeats itself, several times at once: an update is handled once."""

import json

import pytest
from django.test import Client

from shopkit.core.models import Delivery
from shopkit.telegram.facts import update_received
from shopkit.telegram.models import Update
from shopkit.telegram.testing import text_message
from shopkit.telegram.updates import kind_of
from tests.telegram.conftest import SECRET, URL
from tests.threads import at_once, kinds

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def post(update):
    answer = Client().post(
        URL,
        json.dumps(update),
        content_type="application/json",
        headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
    )
    return answer.status_code


def naive(update):
    """Look first, then store: what the webhook does not do."""
    if Update.objects.filter(update_id=update["update_id"]).exists():
        return 200
    Update.objects.create(update_id=update["update_id"], kind=kind_of(update), payload=update)
    update_received.announce(update_id=update["update_id"])
    return 200


def test_twenty_posts_of_one_update_are_handled_once(keeping, seen):
    update = text_message("/login", update_id=77)

    statuses = at_once([lambda: post(update)] * 20, together=20)

    assert statuses == [200] * 20
    assert Update.objects.count() == 1
    assert Delivery.objects.count() == 1
    assert len(seen) == 1


def test_different_updates_at_once_are_all_handled(keeping, seen):
    updates = [text_message("Salom", update_id=number, telegram_id=5) for number in range(1, 21)]

    statuses = at_once([lambda update=update: post(update) for update in updates], together=20)

    assert statuses == [200] * 20
    assert Update.objects.waiting().count() == 0
    assert sorted(update.id for update in seen) == list(range(1, 21))


def test_the_naive_form_trips_over_its_twin(keeping):
    outcomes: dict[str, int] = {}
    for number in range(1, 21):
        update = text_message("/login", update_id=number)
        for kind, count in kinds(at_once([lambda u=update: naive(u)] * 20, together=20)).items():
            outcomes[kind] = outcomes.get(kind, 0) + count

    assert outcomes.get("IntegrityError", 0) > 0
