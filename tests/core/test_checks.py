"""``manage.py check`` finds a wrong site, with the remedy."""

from types import SimpleNamespace

import pytest
from django.core.checks import Error, Warning, run_checks

from shopkit.core import checks
from shopkit.core.checks import check_databases, check_settings, check_time_zone
from shopkit.core.conf import SECTIONS


def test_this_site_is_right():
    assert [*check_settings(), *check_databases(), *check_time_zone()] == []
    assert run_checks(tags=["shopkit"]) == []


def test_a_wrong_value_of_each_section_is_told(settings):
    settings.SHOPKIT = {"API": {"PAGE_SIZE": 0}, "CORE": {"CURRENCY": "BTC"}}

    found = sorted(check_settings(), key=lambda message: message.msg)

    assert found == [
        Error("SHOPKIT['API']: PAGE_SIZE must be from 1 to 100.", id="shopkit.core.E001"),
        Error(
            "SHOPKIT['CORE']: CURRENCY must be an ISO 4217 code, such as UZS.",
            id="shopkit.core.E001",
        ),
    ]


def test_settings_that_are_no_dict_are_told(settings):
    settings.SHOPKIT = [1]

    assert check_settings() == [Error("SHOPKIT must be a dict.", id="shopkit.core.E001")]


def test_a_section_that_nobody_reads_is_told(settings):
    settings.SHOPKIT = {"CAT": {}}

    assert check_settings() == [
        Error(
            "SHOPKIT['CAT'] is read by no installed app.",
            hint=f"Known sections: {', '.join(sorted(SECTIONS))}. Install the app or mend the "
            "name.",
            id="shopkit.core.E002",
        )
    ]


def connected_to(monkeypatch, **attributes):
    """Let the check see a connection of this kind; no such database need exist."""
    fake = {"default": SimpleNamespace(**attributes)}
    monkeypatch.setattr(checks, "connections", fake)


@pytest.mark.parametrize("options", [{}, {"transaction_mode": "DEFERRED"}])
def test_sqlite_that_begins_deferred_is_warned_about(monkeypatch, options):
    connected_to(monkeypatch, vendor="sqlite", settings_dict={"OPTIONS": options})

    assert check_databases() == [
        Warning(
            "Database 'default' is SQLite without transaction_mode IMMEDIATE: two writers at once "
            'fail with "database is locked".',
            hint='Set OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 20}.',
            id="shopkit.core.W001",
        )
    ]


@pytest.mark.parametrize("mode", ["IMMEDIATE", "immediate", "EXCLUSIVE"])
def test_sqlite_that_begins_by_locking_is_right(monkeypatch, mode):
    connected_to(
        monkeypatch, vendor="sqlite", settings_dict={"OPTIONS": {"transaction_mode": mode}}
    )

    assert check_databases() == []


ALL_NAMES = "lock_timeout, statement_timeout, idle_in_transaction_session_timeout"
ALL_TIMEOUTS = (
    "-c lock_timeout=10000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
)


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({}, "lock_timeout, statement_timeout, idle_in_transaction_session_timeout"),
        (
            {"options": "-c search_path=shop"},
            "lock_timeout, statement_timeout, idle_in_transaction_session_timeout",
        ),
        (
            {"options": "-c lock_timeout=10000 -c statement_timeout=30000"},
            "idle_in_transaction_session_timeout",
        ),
        # Part of another name is not enough.
        (
            {"options": ALL_TIMEOUTS.replace("-c lock_timeout", "-c deadlock_timeout")},
            "lock_timeout",
        ),
    ],
)
def test_postgresql_that_waits_without_end_is_warned_about(monkeypatch, options, missing):
    connected_to(monkeypatch, vendor="postgresql", settings_dict={"OPTIONS": options})

    (found,) = check_databases()
    assert found.id == "shopkit.core.W002"
    assert found.msg == f"Database 'default' lets a session wait for ever: {missing} not set."
    assert ALL_TIMEOUTS in found.hint


def test_postgresql_with_all_three_timeouts_is_right(monkeypatch):
    options = {"options": ALL_TIMEOUTS}
    connected_to(monkeypatch, vendor="postgresql", settings_dict={"OPTIONS": options})

    assert check_databases() == []


def test_an_engine_nobody_tested_is_an_error(monkeypatch):
    connected_to(monkeypatch, vendor="mysql", display_name="MySQL")

    assert check_databases() == [
        Error(
            "Database 'default' is MySQL; shopkit's promises are tested on PostgreSQL and SQLite "
            "only.",
            id="shopkit.core.E003",
        )
    ]


def test_a_site_of_naive_times_is_an_error(settings):
    settings.USE_TZ = False

    assert check_time_zone() == [Error("shopkit needs USE_TZ = True.", id="shopkit.core.E004")]
