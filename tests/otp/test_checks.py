"""Wrong settings are found before the site starts."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks

from shopkit.otp.channels.loading import channel_paths

from .conftest import ROOMY


def found(otp, **section):
    otp(**section)
    return sorted(
        {one.id for one in run_checks(tags=["shopkit"]) if "otp" in f"{one.id} {one.msg}".lower()}
    )


LIMITED = {name: ("9/hour",) for name, value in ROOMY.items() if value == ()}


def test_the_defaults_are_sound(settings):
    settings.SHOPKIT = {key: value for key, value in settings.SHOPKIT.items() if key != "OTP"}

    assert [one for one in run_checks(tags=["shopkit"]) if "otp" in str(one.id)] == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"LIFETIME": timedelta(minutes=6)}, "shopkit.otp.E001"),
        ({"KEYS": {"one": "short"}}, "shopkit.otp.E002"),
        ({"CHANNELS": {"sms": "shop.nowhere.Channel"}}, "shopkit.otp.E003"),
        ({"CHANNELS": {"sms": "shopkit.otp.models.Challenge"}}, "shopkit.otp.E003"),
        ({"CHAT_OF": "shop.nowhere.chat"}, "shopkit.otp.E004"),
        ({"PER_ADDRESS": ()}, "shopkit.otp.W001"),
        ({"LIFETIME": timedelta(minutes=11)}, "shopkit.core.E001"),
        ({"LIFETIME": timedelta(0)}, "shopkit.core.E001"),
        ({"CODE_LENGTH": 5}, "shopkit.core.E001"),
        ({"CODE_LENGTH": 9}, "shopkit.core.E001"),
        ({"MAX_ATTEMPTS": 0}, "shopkit.core.E001"),
        ({"MAX_ATTEMPTS": 11}, "shopkit.core.E001"),
        ({"RESEND_AFTER": timedelta(minutes=6)}, "shopkit.core.E001"),
        ({"PER_ADDRESS": "5/hour"}, "shopkit.core.E001"),
        ({"PER_ADDRESS": ("5/week",)}, "shopkit.core.E001"),
        ({"PER_ADDRESS": ("0/hour",)}, "shopkit.core.E001"),
        ({"COUNTRIES": "UZ"}, "shopkit.core.E001"),
        ({"WEBOTP_DOMAIN": "https://shop.example"}, "shopkit.core.E001"),
        ({"WEBOTP_DOMAIN": "shop.example:8000"}, "shopkit.core.E001"),
        ({"KEYS": {"": "k" * 40}}, "shopkit.core.E001"),
        ({"PREFIX_DIGITS": 3}, "shopkit.core.E001"),
        ({"KEEP": timedelta(hours=1)}, "shopkit.core.E001"),
        ({"TYPO": 1}, "shopkit.core.E001"),
    ],
)
def test_a_setting_that_would_weaken_codes_is_named(otp, change, check):
    assert found(otp, **{**LIMITED, **change}) == [check]


def test_a_short_secret_key_is_a_short_key(otp, settings):
    settings.SECRET_KEY = "short"

    assert "shopkit.otp.E002" in found(otp, **LIMITED)


def test_keys_of_their_own_make_the_secret_key_irrelevant(otp, settings):
    settings.SECRET_KEY = "short"

    assert "shopkit.otp.E002" not in found(otp, **LIMITED, KEYS={"one": "k" * 40})


def test_a_demonstration_may_lift_limits(otp, settings):
    settings.DEBUG = True

    assert found(otp) == []


def test_without_a_setting_there_are_the_channels_whose_app_is_there(otp, settings):
    otp(CHANNELS=None)
    assert "email" in channel_paths()
    installed = [app for app in settings.INSTALLED_APPS if app != "shopkit.telegram"]
    settings.INSTALLED_APPS = [app for app in installed if app != "shopkit.sms"]

    assert set(channel_paths()) == {"email"}
