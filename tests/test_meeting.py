"""Where the towers meet: goods ask people through dotted paths in the site's settings."""

import pytest

from shopkit.accounts.models import EmailAddress, PhoneNumber
from tests.orders.conftest import BODY, cup, fill, place  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
ADDRESS = BODY["address"]


@pytest.fixture(autouse=True)
def site(settings):
    """Contacts of orders come from accounts."""
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {"CONTACT_DEFAULTS": "shopkit.accounts.services.profiles.contact_of"},
    }


def test_an_order_goes_to_whom_the_profile_names_unless_another_is_named(as_user, user, cup):  # noqa: F811
    PhoneNumber.objects.create(user=user, number="+998901112233")
    EmailAddress.objects.create(user=user, address="anna.kim@example.com")
    fill(as_user, (cup, 1))

    placed = place(as_user, contact={"name": "Berdaq"})

    assert placed.status_code == 201, placed.content
    assert placed.json()["contact"] == {
        "name": "Berdaq",
        "phone": "+998901112233",
        "email": "anna.kim@example.com",
    }


def test_nobody_is_asked_for_a_contact_that_is_known(as_user, user, cup):  # noqa: F811
    PhoneNumber.objects.create(user=user, number="+998901112233")
    fill(as_user, (cup, 1))

    placed = as_user.post("/api/v1/orders/", {"address": ADDRESS}, format="json")

    assert placed.status_code == 201, placed.content
    assert placed.json()["contact"] == {
        "name": "Anna Kim",
        "phone": "+998901112233",
        "email": "anna@example.com",
    }


def test_a_phone_that_nobody_knows_is_asked_for(as_user, cup):  # noqa: F811
    fill(as_user, (cup, 1))

    refused = as_user.post("/api/v1/orders/", {"address": ADDRESS}, format="json")

    assert refused.status_code == 400
    assert [one["attr"] for one in refused.json()["errors"]] == ["contact.phone"]
