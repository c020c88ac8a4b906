"""Letters are in the buyer's language, with the names that the order keeps."""

import pytest
from django.core import mail

from shopkit.catalog.services.products import update_product
from tests.orders.conftest import fill, place

from .conftest import reach


@pytest.fixture
def kese(cup, settings):
    """The cup, with its name in Karakalpak."""
    settings.LANGUAGES = [("en", "English"), ("kaa", "Qaraqalpaqsha")]
    changes = {"name": "Cup", "translations": {"kaa": {"name": "Kese"}}}
    update_product(cup.product, changes=changes)
    return cup


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_in_the_buyers_language_with_the_orders_names(as_user, user, kese):
    reach(user, email="anna@example.com")
    fill(as_user, (kese, 1))
    as_user.credentials(HTTP_ACCEPT_LANGUAGE="kaa")

    assert place(as_user).status_code == 201

    [letter] = [one for one in mail.outbox if one.to == ["anna@example.com"]]
    assert "Cup" in letter.body
    assert "50\xa0000\xa0swm" in letter.body
    assert "Kese" not in letter.body
