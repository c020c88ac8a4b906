"""Wrong settings are found before a customer finds them."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from shopkit.core import http
from shopkit.sms.conf import sms_settings

from .names import CONSOLE, ESKIZ, FAILOVER, MEMORY, TWILIO


def found(deploy=True):
    checks = run_checks(tags=["shopkit"], include_deployment_checks=deploy)
    return [(one.id, one.msg) for one in checks if one.id.startswith("shopkit.sms")]


def test_a_gateway_that_is_well_configured_is_silent(use):
    use(ESKIZ, email="a@example.com", password="x")

    assert found() == []


@pytest.mark.parametrize(
    ("path", "options", "says"),
    [
        ("nowhere.Backend", {}, "Cannot import"),
        ("shopkit.sms.models.Message", {}, "is not a SmsBackend"),
        (ESKIZ, {"email": "a@example.com"}, "password"),
        (ESKIZ, {"email": "a", "password": "x", "callback_url": "https://a.uz/"}, "16 characters"),
        (TWILIO, {"account_sid": "AC1", "auth_token": "x"}, "sender or messaging_service_sid"),
        (FAILOVER, {"backends": []}, "at least one gateway"),
    ],
)
def test_a_backend_that_cannot_be_built_is_e001(use, path, options, says):
    use(path, **options)

    ((code, text),) = found()
    assert code == "shopkit.sms.E001"
    assert says in text


def test_a_missing_package_is_e001_and_names_the_remedy(use, monkeypatch):
    monkeypatch.setattr(http, "requests", None)
    use(ESKIZ, email="a@example.com", password="x")

    ((code, text),) = found()
    assert code == "shopkit.sms.E001"
    assert 'pip install "shopkit[sms]"' in text


@pytest.mark.parametrize("path", [CONSOLE, MEMORY])
def test_a_backend_for_development_is_a_warning_at_deployment_only(use, path):
    use(path)

    assert [code for code, _text in found()] == ["shopkit.sms.W001"]
    assert found(deploy=False) == []


def test_a_failover_that_ends_in_development_is_a_warning(use):
    eskiz = {"BACKEND": ESKIZ, "OPTIONS": {"email": "a@example.com", "password": "x"}}
    use(FAILOVER, backends=[eskiz, {"BACKEND": MEMORY}])

    assert [code for code, _text in found()] == ["shopkit.sms.W001"]


def test_a_template_of_two_sms_is_a_warning_at_deployment(settings):
    long = {"ru": "Ваш код подтверждения: {code}. Никому его не сообщайте, даже нашим сотрудникам."}
    options = {"email": "a@example.com", "password": "x"}
    settings.SHOPKIT = {"SMS": {"BACKEND": ESKIZ, "OPTIONS": options, "TEMPLATES": {"code": long}}}

    ((code, text),) = found()
    assert code == "shopkit.sms.W002"
    assert "code/ru takes 2 SMS" in text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"TEMPLATES": {}}, "code"),
        ({"TEMPLATES": {"code": {}}}, "code"),
        ({"TEMPLATES": {"code": {"uz": "Salom"}}}, "code/uz"),
        ({"TEMPLATES": {"code": {"uz": "{code} {}"}}}, "braces"),
        ({"TEMPLATES": {"code": {"uz": "{code} {site.name}"}}}, "braces"),
        ({"TEMPLATES": {"code": {"uz": "{code"}}}, "SMS"),
        ({"NOTICES": {"known": {}}}, "NOTICES known"),
        ({"NOTICES": {"known": {"uz": ""}}}, "NOTICES known"),
        ({"KEEP_FOR": timedelta(hours=23)}, "KEEP_FOR"),
        ({"BACKED": MEMORY}, "BACKED"),
    ],
)
def test_a_wrong_value_is_refused(settings, given, says):
    settings.SHOPKIT = {"SMS": given}

    with pytest.raises(ImproperlyConfigured, match=says):
        sms_settings()
    assert found() == []  # shopkit.core.E001 says it.
