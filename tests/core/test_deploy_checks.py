"""``manage.py check --deploy`` finds what is right at a desk and wrong in a shop."""

from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from shopkit.core import deploy_checks
from shopkit.core.deploy_checks import (
    check_cache,
    check_delivery,
    check_engine,
    check_health,
    check_mail,
    check_patience,
    check_proxies,
)

MAIL = "django.core.mail.backends"


def told(messages):
    return [(message.id.removeprefix("shopkit.core."), message.msg) for message in messages]


def ids(messages):
    return [message.id.removeprefix("shopkit.core.") for message in messages]


def connected_to(monkeypatch, **attributes):
    """Let the check see a connection of this kind; no such database need exist."""
    monkeypatch.setattr(deploy_checks, "connections", {"default": SimpleNamespace(**attributes)})


def with_section(settings, name, **values):
    settings.SHOPKIT = {**settings.SHOPKIT, name: {**settings.SHOPKIT.get(name, {}), **values}}


def test_only_a_deployment_is_warned(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    desk = run_checks(tags=["shopkit"])
    shop = run_checks(tags=["shopkit"], include_deployment_checks=True)

    assert desk == []
    assert {"W010", "W012", "W014", "W016"} <= set(ids(shop))


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ("locmem.LocMemCache", ["W010"]),
        ("dummy.DummyCache", ["W010"]),
        ("db.DatabaseCache", []),
        ("redis.RedisCache", []),
    ],
)
def test_a_cache_that_processes_do_not_share_is_told(settings, backend, found):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}

    assert ids(check_cache()) == found


@pytest.mark.parametrize(
    ("vendor", "changes", "found"),
    [
        ("sqlite", {}, ["W011"]),
        ("postgresql", {"CONN_MAX_AGE": 0}, ["W015"]),
        ("postgresql", {"CONN_MAX_AGE": 600}, []),
        ("postgresql", {"CONN_MAX_AGE": None}, []),
        ("postgresql", {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}}, []),
    ],
)
def test_an_engine_for_a_desk_is_told(monkeypatch, vendor, changes, found):
    connected_to(monkeypatch, vendor=vendor, settings_dict=changes)

    assert ids(check_engine()) == found


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        ("auto", "swept by processes that serve requests only"),
        ("thread", "swept by processes that serve requests only"),
        ("sync", "tried again by nobody"),
        ("manual", "delivered by shopkit_deliver only"),
    ],
)
def test_facts_that_a_crash_could_leave_behind_are_told(settings, delivery, says):
    with_section(settings, "FACTS", DELIVERY=delivery)

    [(found, text)] = told(check_delivery())

    assert found == "W012"
    assert says in text


@pytest.mark.parametrize(
    ("header", "trusted", "given", "found"),
    [
        (None, 0, 0, []),
        (None, 0, None, ["W014"]),
        (None, 1, 0, ["W014"]),
        (None, 1, 1, []),
        (("HTTP_X_FORWARDED_PROTO", "https"), 0, 0, ["W013"]),
        (("HTTP_X_FORWARDED_PROTO", "https"), 2, 2, []),
    ],
)
def test_proxies_that_are_not_counted_are_told(settings, header, trusted, given, found):
    settings.SECURE_PROXY_SSL_HEADER = header
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": given}
    with_section(settings, "CORE", TRUSTED_PROXIES=trusted)

    assert ids(check_proxies()) == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [("console", ["W016"]), ("filebased", ["W016"]), ("locmem", ["W016"]), ("smtp", [])],
)
def test_mail_that_stays_on_the_server_is_told(settings, kind, found):
    settings.EMAIL_BACKEND = f"{MAIL}.{kind}.EmailBackend"

    assert ids(check_mail()) == found


def test_each_of_several_ways_to_deliver_mail_is_looked_at(settings):
    settings.MAILERS = {
        "default": {"BACKEND": f"{MAIL}.smtp.EmailBackend"},
        "news": {"BACKEND": f"{MAIL}.console.EmailBackend"},
    }

    [(found, text)] = told(check_mail())

    assert found == "W016"
    assert "console" in text


@pytest.mark.parametrize(
    ("kind", "seconds", "found"),
    [("smtp", None, ["W017"]), ("smtp", 10, []), ("console", None, [])],
)
def test_a_mail_server_that_is_waited_for_without_end_is_told(settings, kind, seconds, found):
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = f"{MAIL}.{kind}.EmailBackend", seconds
    assert ids(check_patience()) == found

    options = {} if seconds is None else {"OPTIONS": {"timeout": seconds}}
    settings.MAILERS = {"default": {"BACKEND": f"{MAIL}.{kind}.EmailBackend", **options}}
    assert ids(check_patience()) == found


def test_a_probe_that_does_not_import_is_an_error(settings):
    with_section(settings, "HEALTH", PROBES={"search": "shop.nowhere.search"})

    [(found, text)] = told(check_health())

    assert found == "E010"
    assert "shop.nowhere" in text


def test_an_optional_probe_that_does_not_exist_is_an_error(settings):
    with_section(settings, "HEALTH", OPTIONAL=["astrology", "cache", "broker"])

    [(found, text)] = told(check_health())

    assert found == "E010"
    assert text.endswith("names no probe of this site: astrology.")


@pytest.mark.parametrize(
    "section",
    [
        {"LIVE_PATH": "health/"},
        {"READY_PATH": "/health/live/"},
        {"TIMEOUT": 0},
    ],
)
def test_a_wrong_value_is_refused(settings, section):
    with_section(settings, "HEALTH", **section)

    assert "E001" in ids(run_checks(tags=["shopkit"]))


def test_sections_that_cannot_be_read_are_told_once(settings):
    settings.SHOPKIT = {"CORE": {"CURRENCY": "BTC"}, "FACTS": {"DELIVERY": "pigeon"}}

    assert check_delivery() == check_proxies() == []
