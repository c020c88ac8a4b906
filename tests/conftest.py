"""Fixtures of the whole suite."""

import os
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.signals import request_started
from django.db import connection
from rest_framework.test import APIClient

from . import emptying
from .servers import (  # noqa: F401 - fixtures
    redis_cluster,
    redis_prefix,
    redis_server,
    redis_url,
    services_are_required,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let CI, whose time is short, run tests only as often as they have something new to say."""
    parser.addoption("--part", help="K/N: the K-th of N parts of the test modules")
    parser.addoption(
        "--requests", action="store_true", help="only test modules that send requests to the site"
    )


def pytest_configure() -> None:
    """Nothing of Django's tests runs before."""
    emptying.install()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for; skip, with the remedy, what lacks a server."""
    modules = {item.path for item in items}
    if part := config.getoption("--part"):
        number, parts = map(int, part.split("/"))
        modules = {one for one in modules if _number_of(one) % parts == number % parts}
    if config.getoption("--requests"):
        modules = {one for one in modules if _sends_requests(one)}
    config.hook.pytest_deselected(items=[one for one in items if one.path not in modules])
    items[:] = [one for one in items if one.path in modules]
    missing = {}
    if os.environ.get("SHOPKIT_TEST_DATABASE", "sqlite") != "postgres":
        missing["postgres"] = "no PostgreSQL (set DATABASE_URL and SHOPKIT_TEST_DATABASE=postgres)"
    # With SHOPKIT_REQUIRE_SERVICES=1 they run, and the fixture redis_url fails.
    if not os.environ.get("REDIS_URL") and not services_are_required():
        missing["redis"] = "no Redis (set REDIS_URL)"
    for item in items:
        for marker in missing.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=f"skipped: {missing[marker]}"))


def _number_of(module: Path) -> int:
    """Return the same for a module in every checkout."""
    return zlib.crc32(str(module.relative_to(Path(__file__).parent)).encode())


def _sends_requests(module: Path) -> bool:
    return re.search(r"client|as_user|as_staff|APIClient|signed_in", module.read_text()) is not None


@pytest.fixture(scope="session", autouse=True)
def _no_thread_behind_the_tests() -> None:
    """Let no request start the thread that delivers, or it would for every later test as well.

    A test that replaces all of SHOPKIT brings DELIVERY "auto" back without meaning to.
    """
    request_started.disconnect(dispatch_uid="shopkit.core.facts")


@pytest.fixture
def client() -> APIClient:
    """Nobody, speaking JSON."""
    return APIClient()


@pytest.fixture
def user(db: None) -> Any:
    """A customer."""
    return get_user_model().objects.create_user(
        "anna", "anna@example.com", "demo-anna-1234", first_name="Anna", last_name="Kim"
    )


@pytest.fixture
def staff(db: None) -> Any:
    """A member of staff who may do everything."""
    return get_user_model().objects.create_superuser("boss", "boss@example.com", "demo-boss-1234")


@pytest.fixture
def as_user(user: Any) -> APIClient:
    """The customer, signed in."""
    signed_in = APIClient()
    signed_in.force_authenticate(user)
    return signed_in


@pytest.fixture
def as_staff(staff: Any) -> APIClient:
    """The member of staff, signed in."""
    signed_in = APIClient()
    signed_in.force_authenticate(staff)
    return signed_in


@pytest.fixture
def statements(django_assert_max_num_queries: Any) -> Callable[[int], Any]:
    """``with statements(3):`` allows at most three statements."""
    return lambda most: django_assert_max_num_queries(most, connection=connection)
