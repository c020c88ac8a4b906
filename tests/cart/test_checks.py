"""Wrong settings of the cart are found by ``manage.py check``."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.cart.checks import check_store
from shopkit.cart.conf import cart_settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"BACKEND": "nowhere.Store"},
        {"BACKEND": "shopkit.cart.models.Cart"},
        {"OPTIONS": {"speed": "high"}},
    ],
)
def test_a_store_that_cannot_be_built_is_named(settings, wrong):
    settings.SHOPKIT = {"CART": wrong}

    (found,) = check_store()

    assert found.id == "shopkit.cart.E001"


def test_the_default_store_is_fine(settings):
    settings.SHOPKIT = {}

    assert check_store() == []


@pytest.mark.parametrize(
    "wrong", [{"MAX_QUANTITY": 0}, {"MAX_LINES": 0}, {"GUEST_LIFETIME": timedelta(0)}]
)
def test_a_limit_of_nothing_is_refused_and_left_to_the_core_check(settings, wrong):
    settings.SHOPKIT = {"CART": wrong}

    with pytest.raises(ImproperlyConfigured, match=next(iter(wrong))):
        cart_settings()
    assert check_store() == []
