"""The admin of codes shows what happened and nothing of a code."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import reverse

from shopkit.otp.models import Budget, Challenge
from shopkit.otp.services.budgets import purses, spend
from shopkit.otp.testing import code_of

from .conftest import PHONE, ask

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not apps.is_installed("django.contrib.admin"), reason="the site has no admin"
    ),
]
LIST = "admin:shopkit_otp_challenge_changelist"


@pytest.fixture
def office(client):
    boss = get_user_model()._default_manager.create_superuser("boss", "", "boss-passphrase-1")
    client.force_login(boss)
    return client


def test_pages_show_neither_code_nor_number(office):
    issued = ask(payload={"new": "hidden-payload"})
    row = Challenge.objects.get()
    pages = [
        office.get(reverse(LIST)),
        office.get(reverse("admin:shopkit_otp_challenge_change", args=[issued.challenge])),
    ]

    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "…4567" in text
        for secret in (PHONE, code_of(issued.challenge), row.nonce, row.key_id, "hidden-payload"):
            assert secret not in text


def test_a_whole_number_finds_and_a_part_does_not(office):
    ask()

    assert office.get(reverse(LIST), {"q": PHONE}).context["cl"].result_count == 1
    assert office.get(reverse(LIST), {"q": "4567"}).context["cl"].result_count == 0


def test_staff_can_withdraw_a_code(office):
    issued = ask()

    office.post(reverse(LIST), {"action": "withdraw", "_selected_action": [issued.challenge]})

    assert Challenge.objects.get().voided_at is not None


def test_staff_can_unlock_whoever_ran_out(office, otp):
    otp(PER_DESTINATION=("1/minute", "1/day"), PER_ADDRESS=("9/day",))
    ask()
    chosen = Budget.objects.filter(scope="destination").first()
    url = reverse("admin:shopkit_otp_budget_changelist")
    assert PHONE not in office.get(url).content.decode()

    office.post(url, {"action": "unlock", "_selected_action": [chosen.pk]})

    assert [row.scope for row in Budget.objects.all()] == ["address"]


def test_a_number_is_masked_whatever_is_counted_for_it_and_a_block_of_numbers_is_not(office):
    spend(purses("notices", PHONE, ("5/hour",)) + purses("prefix", PHONE[:9], ("5/hour",)))

    page = office.get(reverse("admin:shopkit_otp_budget_changelist")).content.decode()

    assert PHONE not in page
    assert "…4567" in page
    assert PHONE[:9] in page


@pytest.mark.parametrize("model", ["challenge", "budget"])
def test_nothing_is_typed_in(office, model):
    assert office.get(reverse(f"admin:shopkit_otp_{model}_add")).status_code == 403
