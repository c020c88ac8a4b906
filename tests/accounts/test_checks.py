"""System checks and settings of accounts."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from rest_framework.settings import reload_api_settings

from shopkit.accounts.api.authentication import SessionTokenAuthentication
from shopkit.accounts.conf import accounts_settings


class OwnAuthentication(SessionTokenAuthentication):
    """A site's own."""


def found():
    return [one.id for one in run_checks(tags=["shopkit"])]


def use(settings, *classes):
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": list(classes)}
    reload_api_settings(setting="REST_FRAMEWORK", value=settings.REST_FRAMEWORK)


def test_the_test_site_passes():
    assert found() == []


@pytest.mark.parametrize(
    ("key", "ids"),
    [("k" * 31, ["shopkit.accounts.E001", "shopkit.otp.E002"]), ("k" * 32, [])],
)
def test_a_short_signing_key_is_refused(settings, key, ids):
    settings.SECRET_KEY = key

    assert sorted(found()) == ids


def test_a_site_that_does_not_read_our_tokens_is_warned(settings):
    use(settings, "rest_framework.authentication.BasicAuthentication")

    assert found() == ["shopkit.accounts.W001"]


def test_a_site_s_own_subclass_reads_our_tokens(settings):
    use(settings, f"{__name__}.OwnAuthentication")

    assert found() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ACCESS_LIFETIME": timedelta(minutes=6)}, "at most 5 minutes"),
        ({"ACCESS_LIFETIME": timedelta(0)}, "at most 5 minutes"),
        ({"REFRESH_LIFETIME": timedelta(days=15)}, "at most 14 days"),
        ({"REFRESH_LIFETIME": timedelta(minutes=1)}, "at most 14 days"),
    ],
)
def test_lifetimes_beyond_the_contract_are_refused(settings, given, said):
    settings.SHOPKIT = {**settings.SHOPKIT, "ACCOUNTS": given}

    with pytest.raises(ImproperlyConfigured, match=said):
        accounts_settings()
