"""The admin shows what became of messages and changes nothing."""

import pytest

from shopkit.sms.models import Message
from shopkit.sms.services import send_sms
from shopkit.sms.testing import PHONE

pytestmark = pytest.mark.django_db
LIST = "/admin/shopkit_sms/message/"


@pytest.fixture
def browser(staff):
    from django.test import Client

    signed_in = Client()
    signed_in.force_login(staff)
    return signed_in


@pytest.mark.parametrize("query", ["", "?q=4567", "?status__exact=queued"])
def test_messages_are_listed_by_the_end_of_their_number(browser, query):
    send_sms(phone=PHONE, text="secret-482913")

    page = browser.get(LIST + query).content.decode()

    assert "4567" in page
    assert "1 text message" in page
    assert "901234567" not in page
    assert "482913" not in page


def test_a_whole_number_finds_nothing(browser):
    send_sms(phone=PHONE, text="Salom")

    assert "0 text messages" in browser.get(f"{LIST}?q=998901234567").content.decode()


def test_nothing_can_be_added_changed_or_deleted(browser):
    send_sms(phone=PHONE, text="Salom")
    pk = Message.objects.get().pk

    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{pk}/change/", {"status": "failed"}).status_code == 403
    assert browser.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert Message.objects.get().status == "queued"
