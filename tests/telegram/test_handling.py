"""Stored updates reach the handlers in turn, come back after a failure, and are forgotten."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from shopkit.core.facts import deliver_due
from shopkit.core.models import Delivery
from shopkit.telegram.models import ChatLink, Update
from shopkit.telegram.services import handle_update, retry_updates, take_update
from shopkit.telegram.testing import (
    button_press,
    contact_message,
    group_message,
    membership_change,
    text_message,
)
from shopkit.telegram.testing.updates import AYGUL
from tests.telegram.handlers import HERE

pytestmark = pytest.mark.django_db


def age(**delta):
    Update.objects.update(received_at=Now() - timedelta(**delta))


def test_the_first_handler_that_takes_an_update_ends_the_round(configure, seen):
    configure(HANDLERS=[f"{HERE}.pass_by", f"{HERE}.keep", f"{HERE}.break_down"])
    take_update(text_message("Salom", update_id=5))

    handle_update(5)

    assert seen[0] == ("passed by", 5)
    assert seen[1].id == 5
    assert Update.objects.get().handler == f"{HERE}.keep"


def test_what_nobody_takes_is_handled_all_the_same(configure):
    configure(HANDLERS=(f"{HERE}.pass_by",))
    take_update(text_message("Salom", update_id=5))

    handle_update(5)

    row = Update.objects.get()
    assert row.handler == ""
    assert row.handled_at is not None


def test_without_handlers_updates_are_only_kept():
    take_update(text_message("Salom", update_id=5))

    handle_update(5)

    assert Update.objects.waiting().count() == 0


def test_a_handled_update_is_left_alone(keeping, seen):
    take_update(text_message("Salom", update_id=5))

    handle_update(5)
    handle_update(5)
    handle_update(5, is_retry=True)

    assert len(seen) == 1
    assert Update.objects.get().attempts == 1


def test_an_update_that_is_gone_is_no_error(keeping, seen):
    handle_update(404)

    assert seen == []


def test_a_failed_update_comes_back_by_itself(configure, seen, django_capture_on_commit_callbacks):
    configure(HANDLERS=(f"{HERE}.break_down",))
    with django_capture_on_commit_callbacks(execute=True):
        take_update(text_message("Salom", update_id=5))
    assert "LookupError" in Update.objects.get().last_error

    configure(HANDLERS=(f"{HERE}.keep",))
    Delivery.objects.update(due_at=Now())
    deliver_due()

    row = Update.objects.get()
    assert (row.attempts, row.last_error) == (2, "")
    assert row.handled_at is not None
    assert len(seen) == 1


def test_an_update_that_could_not_be_handled_in_time_is_given_up(keeping, seen):
    take_update(text_message("/login", update_id=5))
    age(minutes=61)

    handle_update(5)

    assert seen == []
    assert Update.objects.get().last_error == "Given up: not handled within 1:00:00."


def test_staff_may_have_a_given_up_update_handled_after_all(
    keeping, seen, django_capture_on_commit_callbacks
):
    take_update(text_message("/login", update_id=5))
    Delivery.objects.all().delete()
    age(minutes=61)

    with django_capture_on_commit_callbacks(execute=True):
        assert retry_updates([5, 404]) == 1

    assert len(seen) == 1
    assert Update.objects.get().handled_at is not None


def test_a_handled_update_is_not_retried(keeping):
    take_update(text_message("/login", update_id=5))
    handle_update(5)
    Delivery.objects.all().delete()

    assert retry_updates([5]) == 0
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("payload", [{}, {"update_id": "5"}, {"update_id": True}])
def test_what_is_no_update_is_not_taken(payload):
    with pytest.raises(ValueError, match="payload"):
        take_update(payload)
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    "update",
    [
        group_message("/login"),
        text_message("Salom", chat={"id": -5, "type": "channel", "title": "News"}),
        text_message("Salom", chat={"id": 5}),
        {"update_id": 1, "edited_message": {}},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": "x", "type": "private"}}},
        {"update_id": 1, "poll": {"id": "1"}},
        {"update_id": 1},
    ],
)
def test_updates_of_every_kind_are_routed_without_an_error(keeping, seen, update):
    take_update(update)

    handle_update(update["update_id"])

    assert len(seen) == 1
    assert not ChatLink.objects.exists()


def test_a_block_and_a_return_are_remembered(keeping):
    for status, dead in (("member", False), ("kicked", True), ("kicked", True), ("member", False)):
        update = membership_change(status)
        take_update(update)
        handle_update(update["update_id"])
        assert ChatLink.objects.get().is_dead is dead


@pytest.mark.parametrize("update", [text_message("/start"), button_press("yes")])
def test_whoever_writes_to_the_bot_again_is_reachable(keeping, update):
    ChatLink.objects.create(chat_id=AYGUL, language="ru", is_dead=True)
    take_update(update)

    handle_update(update["update_id"])

    link = ChatLink.objects.get()
    assert (link.is_dead, link.language) == (False, "uz")


def test_a_language_that_telegram_does_not_say_is_not_forgotten(keeping):
    ChatLink.objects.create(chat_id=AYGUL, language="kaa")
    update = text_message("Salom")
    del update["message"]["from"]["language_code"]
    take_update(update)

    handle_update(update["update_id"])

    assert ChatLink.objects.get().language == "kaa"


def test_old_updates_are_forgotten_and_young_ones_kept(capsys):
    take_update(contact_message("+998901234567", update_id=1))
    age(hours=49)
    take_update(text_message("Salom", update_id=2))

    call_command("shopkit_telegram_purge")

    assert capsys.readouterr().out == "forgot 1 updates\n"
    assert list(Update.objects.values_list("update_id", flat=True)) == [2]
