"""The admin of sessions."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import reverse

from shopkit.accounts.models import AuthSession

from .calls import get, log_in, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not apps.is_installed("django.contrib.admin"),
        reason="the site has no admin",
    ),
]
LIST = "admin:shopkit_accounts_authsession_changelist"


@pytest.fixture
def office(client):
    boss = get_user_model()._default_manager.create_superuser("boss", "", "boss-passphrase-1")
    client.force_login(boss)
    return client


def test_the_list_shows_devices_and_nothing_of_a_token(office, tokens):
    page = office.get(reverse(LIST)).content.decode()

    session = AuthSession.objects.get()
    assert "anna" in page
    assert session.token_hash not in page
    assert session.password_stamp not in page


def test_one_session_s_page_shows_nothing_of_a_token(office, tokens):
    session = AuthSession.objects.get()

    page = office.get(reverse("admin:shopkit_accounts_authsession_change", args=[session.pk]))

    assert page.status_code == 200
    assert session.token_hash not in page.content.decode()
    assert session.password_stamp not in page.content.decode()


def test_staff_can_find_and_end_sessions(office, tokens):
    make_user("berdaq")
    other = log_in("berdaq")
    found = office.get(reverse(LIST), {"q": "anna"})
    assert found.context["cl"].result_count == 1

    chosen = AuthSession.objects.get(user__username="anna").pk
    office.post(reverse(LIST), {"action": "end_session", "_selected_action": [str(chosen)]})

    assert get("profile/", access=tokens["access"]).status_code == 401
    assert get("profile/", access=other["access"]).status_code == 200
    assert AuthSession.objects.get(pk=chosen).end_reason == "staff"


def test_sessions_are_not_typed_in(office):
    assert office.get(reverse("admin:shopkit_accounts_authsession_add")).status_code == 403
