"""Staff look at updates and chats without numbers and codes; failed ones are handled again."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from shopkit.core.models import Delivery
from shopkit.telegram.models import ChatLink, Update
from shopkit.telegram.services import take_update
from shopkit.telegram.testing import contact_message
from tests.telegram.handlers import HERE

pytestmark = pytest.mark.django_db
LIST = "/admin/shopkit_telegram/update/"
CHATS = "/admin/shopkit_telegram/chatlink/"


@pytest.fixture
def browser(staff):
    browser = Client()
    browser.force_login(staff)
    return browser


@pytest.fixture
def failed(configure, django_capture_on_commit_callbacks):
    configure(HANDLERS=(f"{HERE}.break_down",))
    with django_capture_on_commit_callbacks(execute=True):
        take_update(contact_message("998901234567", update_id=5))
    Delivery.objects.all().delete()
    configure(HANDLERS=(f"{HERE}.keep",))
    return Update.objects.get()


def test_an_update_is_shown_without_the_phone_number(browser, failed):
    page = browser.get(f"{LIST}{failed.pk}/change/").content.decode()

    assert "LookupError" in page
    assert "…4567" in page
    assert "998901234567" not in page


def test_nothing_can_be_added_or_edited(browser, failed):
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{failed.pk}/change/", {"kind": "x"}).status_code == 403
    assert browser.get(f"{CHATS}add/").status_code == 403
    assert Update.objects.get().kind == "message"


def test_a_failed_update_is_handled_once_more(
    browser, failed, seen, django_capture_on_commit_callbacks
):
    body = {"action": "try_again", "_selected_action": [failed.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(LIST, body, follow=True)

    assert "1 update will be handled once more." in page.content.decode()
    assert len(seen) == 1
    assert Update.objects.get().handled_at is not None


def test_who_may_only_look_cannot_retry(failed, seen, db):
    looker = get_user_model().objects.create_user("looker", password="x", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_update"))
    browser = Client()
    browser.force_login(looker)

    browser.post(LIST, {"action": "try_again", "_selected_action": [failed.pk]})

    assert seen == []
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("state", "count"), [("waiting", 1), ("failed", 1), ("handled", 0), ("", 1)]
)
def test_updates_are_filtered_by_state(browser, failed, state, count):
    page = browser.get(LIST, {"state": state} if state else {})

    assert page.context["cl"].result_count == count


def test_the_list_costs_the_same_for_any_number_of_updates(
    browser, failed, django_assert_max_num_queries
):
    Update.objects.bulk_create(Update(update_id=n, kind="message") for n in range(100, 150))

    with django_assert_max_num_queries(9):
        assert browser.get(LIST).status_code == 200


def test_chats_are_found_by_their_id(browser):
    ChatLink.objects.create(chat_id=555000111, language="uz", is_dead=True)

    page = browser.get(CHATS, {"q": "555000111"})

    assert page.context["cl"].result_count == 1
