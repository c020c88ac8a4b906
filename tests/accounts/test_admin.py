"""The admin of users' side tables."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.db.models.functions import Now
from django.urls import reverse

from shopkit.accounts.models import (
    Address,
    AuthSession,
    EmailAddress,
    PendingRegistration,
    PhoneNumber,
    Profile,
    TelegramAccount,
)
from shopkit.accounts.services.limits import name_key
from shopkit.core.facts import deliver_all
from shopkit.otp.models import Budget, Challenge
from shopkit.otp.services import issue

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


def admin_list(name):
    return reverse(f"admin:shopkit_accounts_{name}_changelist")


def act(office, name, action, *rows):
    body = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return office.post(admin_list(name), body)


@pytest.fixture
def known(anna):
    """Anna with everything there is."""
    Profile.objects.create(user=anna)
    Address.objects.create(user=anna, city="Nukus", street="1")
    return (
        PhoneNumber.objects.create(user=anna, number="+998901234567"),
        EmailAddress.objects.create(user=anna, address="anna@example.com"),
        TelegramAccount.objects.create(user=anna, telegram_id=5, chat_id=5),
    )


@pytest.mark.parametrize(
    "name",
    ["profile", "phonenumber", "emailaddress", "telegramaccount", "address", "authsession"],
)
def test_every_side_table_is_listed_searched_and_only_looked_at(office, known, tokens, name):
    page = office.get(admin_list(name), {"q": "anna"})

    assert page.context["cl"].result_count == 1
    [row] = page.context["cl"].result_list
    one = reverse(f"admin:shopkit_accounts_{name}_change", args=[row.pk])
    assert office.get(one).status_code == 200
    assert office.post(one, {"number": "1"}).status_code == 403
    assert office.get(reverse(f"admin:shopkit_accounts_{name}_add")).status_code == 403


def test_a_registration_in_waiting_does_not_show_its_password(office):
    waiting = PendingRegistration.objects.create(
        destination="x@example.com",
        username="x",
        password="md5$salt$secret-hash",
        expires_at=Now() + timedelta(hours=1),
    )

    page = office.get(admin_list("pendingregistration"), {"q": "x@"})
    one = reverse("admin:shopkit_accounts_pendingregistration_change", args=[waiting.pk])

    assert b"x@example.com" in page.content
    assert b"secret-hash" not in page.content + office.get(one).content


def test_staff_can_sign_somebody_out_everywhere(office, anna, tokens):
    other = log_in("anna")
    profile, _ = Profile.objects.get_or_create(user=anna)

    act(office, "profile", "end_all_sessions", profile)

    for one in (tokens, other):
        assert get("profile/", access=one["access"]).status_code == 401


def test_staff_can_unlink_telegram_and_its_codes_go_with_it(office, known):
    issued = issue(
        purpose="sign_in", channel="telegram", destination="telegram:5", client_address=None
    )

    act(office, "telegramaccount", "unlink", known[2])

    assert not TelegramAccount.objects.exists()
    assert Challenge.objects.get(pk=issued.challenge).voided_at is not None


def test_staff_can_unlock_a_number_and_an_address(office, known):
    for key in ("+998901234567", name_key("+998901234567"), name_key("anna@example.com"), "other"):
        Budget.objects.create(scope="x", key=key, seconds=60, used=9, ends_at=Now())

    act(office, "phonenumber", "unlock", known[0])
    assert set(Budget.objects.values_list("key", flat=True)) == {
        name_key("anna@example.com"),
        "other",
    }

    act(office, "emailaddress", "unlock", known[1])
    assert list(Budget.objects.values_list("key", flat=True)) == ["other"]


def test_staff_can_switch_a_second_factor_off_and_its_codes_go_with_it(office, anna, known):
    Profile.objects.update(two_factor="email")
    issued = issue(
        purpose="two_factor",
        channel="email",
        destination="anna@example.com",
        client_address=None,
        user_ref=str(anna.pk),
    )

    act(office, "profile", "drop_factor", Profile.objects.get(user=anna))

    assert Profile.objects.get(user=anna).two_factor == ""
    assert Challenge.objects.get(pk=issued.challenge).voided_at is not None
    deliver_all()
    assert "anna@example.com" in {one.to[0] for one in mail.outbox}


@pytest.mark.parametrize("way", ["one", "several"])
@pytest.mark.parametrize(
    ("name", "destination", "subject"),
    [
        ("phonenumber", "+998901234567", "Your phone number was removed"),
        ("telegramaccount", "telegram:5", "Telegram was unlinked from your account"),
    ],
)
def test_a_contact_that_staff_delete_is_gone_with_its_codes_and_the_others_are_told(
    office, known, way, name, destination, subject
):
    row, channel = (known[0], "sms") if name == "phonenumber" else (known[2], "telegram")
    issued = issue(purpose="sign_in", channel=channel, destination=destination, client_address=None)
    mail.outbox.clear()

    if way == "one":
        url = reverse(f"admin:shopkit_accounts_{name}_delete", args=[row.pk])
        office.post(url, {"post": "yes"})
    else:
        body = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        office.post(admin_list(name), body)

    assert not type(row).objects.exists()
    assert Challenge.objects.get(pk=issued.challenge).voided_at is not None
    deliver_all()
    assert [(one.to, one.subject) for one in mail.outbox] == [(["anna@example.com"], subject)]


def test_staff_without_the_permission_can_do_nothing(client, known):
    clerk = get_user_model()._default_manager.create_user("clerk", "", "clerk-pass-1")
    clerk.is_staff = True
    clerk.save()
    clerk.user_permissions.add(Permission.objects.get(codename="view_telegramaccount"))
    client.force_login(clerk)

    act(client, "telegramaccount", "unlink", known[2])

    assert TelegramAccount.objects.exists()
