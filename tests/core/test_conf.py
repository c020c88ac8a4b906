"""Settings: read at every call, refused when wrong, each one documented."""

import re
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.conf import SECTIONS, api_settings, core_settings, facts_settings
from shopkit.pricing.conf import pricing_settings


def test_a_site_that_says_nothing_gets_the_defaults(settings):
    del settings.SHOPKIT

    assert core_settings().CURRENCY == "UZS"
    assert core_settings().TRUSTED_PROXIES == 0
    assert api_settings().PAGE_SIZE == 20
    assert facts_settings().PAUSES == (5, 30, 120, 600, 3600, 21600)


def test_a_setting_is_read_afresh_at_every_call(settings):
    settings.SHOPKIT = {"API": {"PAGE_SIZE": 7}}
    assert api_settings().PAGE_SIZE == 7

    settings.SHOPKIT = {"API": {"PAGE_SIZE": 8}}
    assert api_settings().PAGE_SIZE == 8


def test_what_was_right_before_is_looked_at_again_when_it_is_changed_in_place(settings):
    settings.SHOPKIT = {"API": {"PAGE_SIZE": 1, "VIEWS": {"product-list": "a.b"}}}
    assert api_settings().VIEWS == {"product-list": "a.b"}

    settings.SHOPKIT["API"]["VIEWS"]["product-list"] = "c.d"
    assert api_settings().VIEWS == {"product-list": "c.d"}
    settings.SHOPKIT["API"]["PAGE_SIZE"] = True  # which equals 1
    with pytest.raises(ImproperlyConfigured, match="PAGE_SIZE must be int"):
        api_settings()
    settings.SHOPKIT["API"]["PAGE_SIZE"] = 1
    assert api_settings().PAGE_SIZE == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"API": {"PAGE_SIZ": 7, "AGE": 1}}, "SHOPKIT['API'] has unknown keys: AGE, PAGE_SIZ."),
        ({"API": {"PAGE_SIZE": "7"}}, "SHOPKIT['API']: PAGE_SIZE must be int, not '7'."),
        ({"API": {"PAGE_SIZE": True}}, "SHOPKIT['API']: PAGE_SIZE must be int, not True."),
        ({"API": {"PAGE_SIZE": None}}, "SHOPKIT['API']: PAGE_SIZE must be int, not None."),
        ({"API": {"PAGE_SIZE": 0}}, "SHOPKIT['API']: PAGE_SIZE must be from 1 to 100."),
        ({"API": {"PAGE_SIZE": 101}}, "SHOPKIT['API']: PAGE_SIZE must be from 1 to 100."),
        ({"API": {"VIEWS": ["a"]}}, "SHOPKIT['API']: VIEWS must be Mapping, not ['a']."),
        (
            {"API": {"DEEPEST_ROW": 0}},
            "SHOPKIT['API']: EXACT_COUNT_UP_TO and DEEPEST_ROW must be at least 1.",
        ),
        ({"API": {"MAX_BODY": 0}}, "SHOPKIT['API']: MAX_BODY must be at least 1 byte."),
        (
            {"API": {"IDEMPOTENCY_REQUIRED": 1}},
            "SHOPKIT['API']: IDEMPOTENCY_REQUIRED must be bool, not 1.",
        ),
        (
            {"API": {"IDEMPOTENCY_LIFETIME": timedelta(hours=23)}},
            "SHOPKIT['API']: IDEMPOTENCY_LIFETIME must be at least 24 hours.",
        ),
        ({"API": []}, "SHOPKIT['API'] must be a dict."),
        ({"API": None}, "SHOPKIT['API'] must be a dict."),
        (["API"], "SHOPKIT must be a dict."),
    ],
)
def test_a_wrong_setting_of_the_api_is_refused_by_name(settings, given, message):
    settings.SHOPKIT = given

    with pytest.raises(ImproperlyConfigured) as refusal:
        api_settings()

    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"CURRENCY": "BTC"}, "CURRENCY must be an ISO 4217 code, such as UZS."),
        ({"TRUSTED_PROXIES": -1}, "TRUSTED_PROXIES must not be negative."),
    ],
)
def test_a_wrong_setting_of_the_core_is_refused(settings, values, message):
    settings.SHOPKIT = {"CORE": values}

    with pytest.raises(ImproperlyConfigured, match=re.escape(message)):
        core_settings()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"DELIVERY": "pigeon"},
            'DELIVERY must be "auto", "thread", "sync", "celery" or "manual".',
        ),
        ({"LEASE": timedelta(seconds=9)}, "LEASE must be at least 10 seconds."),
        ({"LEASE": 300}, "LEASE must be timedelta, not 300."),
        ({"PAUSES": (1, -1)}, "PAUSES must be whole seconds, none negative."),
        ({"PAUSES": (1.5,)}, "PAUSES must be whole seconds, none negative."),
        ({"PAUSES": 5}, "PAUSES must be tuple, not 5."),
        ({"SWEEP_EVERY": timedelta(0)}, "SWEEP_EVERY must be longer than nothing."),
        ({"KEEP_DELIVERED": timedelta(days=-1)}, "KEEP_DELIVERED must not be negative."),
    ],
)
def test_a_wrong_setting_of_the_facts_is_refused(settings, values, message):
    settings.SHOPKIT = {"FACTS": values}

    with pytest.raises(ImproperlyConfigured, match=re.escape(message)):
        facts_settings()


def test_a_list_will_do_for_a_tuple(settings):
    settings.SHOPKIT = {"FACTS": {"PAUSES": [1, 2]}}

    assert list(facts_settings().PAUSES) == [1, 2]


def test_a_whole_number_will_do_for_an_amount(settings):
    settings.SHOPKIT = {"PRICING": {"SHIPPING_FEE": 5}}

    assert pricing_settings().SHIPPING_FEE == Decimal(5)


def test_a_float_will_not_do_for_an_amount(settings):
    settings.SHOPKIT = {"PRICING": {"SHIPPING_FEE": 0.1}}

    with pytest.raises(ImproperlyConfigured, match=r"SHIPPING_FEE must be Decimal, not 0\.1"):
        pricing_settings()


def test_a_setting_of_two_types_names_both_when_it_is_of_neither(settings):
    settings.SHOPKIT = {"PRICING": {"SHIPPING_FREE_FROM": "5"}}

    with pytest.raises(ImproperlyConfigured) as refusal:
        pricing_settings()

    assert str(refusal.value) == (
        "SHOPKIT['PRICING']: SHIPPING_FREE_FROM must be Decimal or None, not '5'."
    )


@pytest.mark.parametrize("value", [None, 5, Decimal("5.5")])
def test_a_setting_of_two_types_may_be_of_either(settings, value):
    settings.SHOPKIT = {"PRICING": {"SHIPPING_FREE_FROM": value}}

    assert pricing_settings().SHIPPING_FREE_FROM == value


def test_another_sections_mistake_does_not_stop_this_one(settings):
    settings.SHOPKIT = {"API": {"PAGE_SIZE": "7"}, "CORE": {"CURRENCY": "USD"}}

    assert core_settings().CURRENCY == "USD"


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_setting_is_documented_where_it_is_defined(name):
    schema = SECTIONS[name].schema
    lines = schema.__doc__.splitlines()
    told = [line.split(" -- ")[0].strip() for line in lines if " -- " in line]
    documented = [one for names in told for one in names.split(", ")]

    assert documented == [one.name for one in fields(schema)]


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_section_cannot_be_changed_by_who_reads_it(name):
    section = SECTIONS[name]()

    with pytest.raises(AttributeError):
        setattr(section, fields(section)[0].name, "changed")
