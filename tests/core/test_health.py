"""Liveness and readiness: what they answer when something is down, and that they never hang."""

import threading
import time
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from shopkit.core import health
from shopkit.core.health import readiness

LIVE, READY = "/health/live/", "/health/ready/"
# Threads look from outside, so what a test writes must be committed.
pytestmark = pytest.mark.django_db(transaction=True)
release = threading.Event()


def never():
    """Answer when the test is over, as a frozen server does."""
    release.wait(30)


def broken():
    raise RuntimeError("password=secret-of-the-search-server")


@pytest.fixture(autouse=True)
def site(settings, monkeypatch):
    """A site that lists the middleware, asked as load balancers ask."""
    settings.MIDDLEWARE = ["shopkit.core.middleware.HealthMiddleware", *settings.MIDDLEWARE]
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["shop.example"]
    monkeypatch.setattr(health, "_migrated", set())
    release.clear()
    yield settings
    release.set()


def ask(path):
    return Client().get(path, headers={"host": "10.0.0.7"})


def with_health(settings, **section):
    settings.SHOPKIT = {**settings.SHOPKIT, "HEALTH": section}


def test_a_site_with_all_it_needs_is_ready():
    answer = ask(READY)

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "probes": {"cache": "up", "cart_store": "up", "database": "up", "migrations": "up"},
        "down": [],
    }
    assert answer["Cache-Control"] == "no-store"


def test_a_living_process_says_so_without_asking_anything(site, django_assert_num_queries):
    with_health(site, PROBES={"search": f"{__name__}.broken"})

    with django_assert_num_queries(0):
        answer = ask(LIVE)

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_what_is_down_is_named_and_its_reason_is_not(site, caplog):
    with_health(site, PROBES={"search": f"{__name__}.broken"})

    answer = ask(READY)

    assert answer.status_code == 503
    assert answer.json()["status"] == "unready"
    assert answer.json()["down"] == ["search"]
    assert answer.json()["probes"]["database"] == "up"
    assert "secret" not in answer.text
    assert "Probe search: RuntimeError" in caplog.text


def test_what_is_optional_is_named_and_does_not_turn_traffic_away(site):
    with_health(site, PROBES={"search": f"{__name__}.broken"}, OPTIONAL=["search"])

    answer = ask(READY)

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["down"]) == ("degraded", ["search"])


def test_what_is_frozen_is_down_after_the_timeout_and_holds_one_thread(site):
    with_health(site, PROBES={"frozen": f"{__name__}.never"}, TIMEOUT=0.3)
    began = time.monotonic()

    answers = [ask(READY) for _ in range(3)]

    assert [one.json()["down"] for one in answers] == [["frozen"]] * 3
    assert 0.9 <= time.monotonic() - began < 3
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("shopkit-probe-frozen") == 1


def test_a_process_without_threads_to_spare_is_ready_again_when_it_has_some(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", refuse)
        answer = ask(READY)

    assert answer.status_code == 503
    assert "database" in answer.json()["down"]
    assert ask(READY).status_code == 200


def test_a_database_that_lacks_a_migration_is_not_ready():
    migrations = MigrationRecorder(connection).migration_qs.filter(app="shopkit_cart")
    rows = list(migrations)
    assert rows
    migrations.delete()
    try:
        answer = ask(READY)
    finally:
        for row in rows:
            MigrationRecorder(connection).record_applied(row.app, row.name)

    assert (answer.status_code, answer.json()["down"]) == (503, ["migrations"])
    assert ask(READY).status_code == 200


def test_a_cache_that_swallows_its_errors_is_down(site, monkeypatch):
    monkeypatch.setattr(caches["default"], "set", lambda *_, **__: None)

    monkeypatch.setattr(type(caches["default"]), "get", lambda *_, **__: None)

    assert ask(READY).json()["down"] == ["cache"]


def test_a_site_that_wants_no_cache_is_ready(site):
    site.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert ask(READY).status_code == 200


def test_the_paths_are_the_sites_choice(site):
    with_health(site, LIVE_PATH="/alive", READY_PATH="/ready")

    assert ask("/alive").json() == {"status": "alive"}
    assert ask("/ready").status_code == 200
    assert ask(LIVE).status_code != 200


def test_some_probes_can_be_asked_alone():
    assert readiness(["database"]).troubles == {"database": ""}
    with pytest.raises(KeyError, match="astrology"):
        readiness(["astrology"])


def waiting(*names, seconds=0.2):
    said = StringIO()
    call_command("shopkit_wait", *names, seconds=seconds, stdout=said)
    return said.getvalue()


def test_waiting_ends_at_once_where_all_is_there():
    assert waiting() == ""
    assert waiting("database", "migrations") == ""


def test_waiting_ends_when_what_was_missing_comes_up(site):
    with_health(site, PROBES={"late": f"{__name__}.never"}, TIMEOUT=0.1)
    threading.Timer(0.5, release.set).start()

    assert waiting("late", seconds=20) == "Waiting for late ...\n"


def test_waiting_is_given_up_with_the_reason(site):
    with_health(site, PROBES={"search": f"{__name__}.broken"})

    with pytest.raises(CommandError, match=r"Not there after 0\.2 seconds: search: RuntimeError: "):
        waiting()


def test_what_is_optional_is_waited_for_only_by_name(site):
    with_health(site, PROBES={"search": f"{__name__}.broken"}, OPTIONAL=["search"])

    assert waiting() == ""
    with pytest.raises(CommandError, match="search"):
        waiting("search")


def test_waiting_for_what_does_not_exist_is_a_mistake():
    with pytest.raises(CommandError, match="There is no probe astrology"):
        waiting("astrology")
