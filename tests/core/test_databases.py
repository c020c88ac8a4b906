"""A database that is busy, slow or away: what is said, to whom, and that nothing else is."""

import os
import sqlite3

import psycopg
import pytest
from django.core.signals import got_request_exception
from django.db import InterfaceError, InternalError, OperationalError, connection
from rest_framework.test import APIClient

from shopkit.core.api.databases import meaning_of
from shopkit.core.api.problems import answer_error
from tests.core.views import BreakingMiddleware
from tests.test_contract import CALLS, sample

pytestmark = pytest.mark.urls("tests.core.urls")


def by(cause, kind=OperationalError):
    """Return Django's error as its driver's error caused it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


def assert_away(response, *, wait="5"):
    assert response.status_code == 503, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == wait
    assert "SELECT" not in response.content.decode()
    assert os.environ.get("DATABASE_URL", "nothing") not in response.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_a_busy_shop(client):
    sql = ["SET LOCAL statement_timeout = '50ms'", "SELECT pg_sleep(5)"]

    response = client.post("/sql/", {"sql": sql}, format="json")

    assert_away(response, wait="1")
    assert response.json()["code"] == "busy"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        ["SELECT pg_terminate_backend(pg_backend_pid())"],
        ["SET LOCAL idle_in_transaction_session_timeout = '50ms'", "", "SELECT 1"],
    ],
)
def test_a_connection_that_the_server_ended_is_a_shop_that_is_away(client, sql):
    response = client.post("/sql/", {"sql": sql}, format="json")

    assert_away(response)
    assert response.json()["code"] == "service_unavailable"
    assert client.post("/sql/", {"sql": ["SELECT 1"]}, format="json").status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", ["SELECT nothing", "SELECT 1/0", "SELECT 'x'::int"])
def test_a_statement_that_makes_no_sense_is_a_bug(sql):
    client = APIClient(raise_request_exception=False)

    response = client.post("/sql/", {"sql": [sql]}, format="json")

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "Retry-After" not in response


@pytest.fixture
def no_server():
    """The database is where nobody listens."""
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(PORT="1", HOST="127.0.0.1")
    yield
    connection.close()
    connection.settings_dict.update(before)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_endpoint_answers_a_database_that_is_away_with_anything_but_503(staff, no_server):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(staff)
    client.cookies["sessionid"] = "of-somebody"
    away = 0

    for name, method, path in CALLS:
        response = getattr(client, method)(sample(path), {}, format="json")
        assert response.status_code < 500 or response.status_code == 503, (name, method)
        if response.status_code == 503:
            assert_away(response)
            away += 1
    # The others found a member missing before they looked into the database.
    assert away > 40


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_genuine_token_is_not_refused_because_nobody_can_look(user):

    client = APIClient()
    signed_in = client.post(
        "/api/v1/auth/login/",
        {"username": "anna", "password": "demo-anna-1234"},
        format="json",
    )
    assert signed_in.status_code == 200, signed_in.content
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access']}")
    assert client.get("/api/v1/profile/").status_code == 200

    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(PORT="1", HOST="127.0.0.1")
    try:
        assert_away(client.get("/api/v1/profile/"))
    finally:
        connection.close()
        connection.settings_dict.update(before)
    assert client.get("/api/v1/profile/").status_code == 200


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("40001", 409, "busy"),
        ("40P01", 409, "busy"),
        ("55P03", 409, "busy"),
        ("57014", 503, "busy"),
        ("53300", 503, "service_unavailable"),
        ("57P01", 503, "service_unavailable"),
        ("57P03", 503, "service_unavailable"),
        ("08006", 503, "service_unavailable"),
        ("", 503, "service_unavailable"),
    ],
)
def test_postgresql_is_known_by_its_codes(state, status, code):
    cause = psycopg.errors.lookup(state)("Слова сервера") if state else psycopg.OperationalError("")
    response = answer_error(by(cause), {})

    assert (response.status_code, response.data["code"]) == (status, code)
    assert response["Retry-After"] == str(response.data["retry_after"])


@pytest.mark.postgres
def test_the_server_s_end_of_an_idle_transaction_is_not_taken_for_a_bug():
    ended = psycopg.errors.lookup("25P03")("")
    assert meaning_of(by(ended, InternalError)).code == "service_unavailable"
    assert meaning_of(by(psycopg.errors.lookup("25P02")(""), InternalError)) is None
    assert meaning_of(InterfaceError("the connection is closed")).code == "service_unavailable"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_server_that_only_reads_is_a_shop_that_is_away(client):
    sql = ["SET TRANSACTION READ ONLY", "DELETE FROM shopkit_core_delivery"]

    assert_away(client.post("/sql/", {"sql": sql}, format="json"))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's words")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("database is locked", "busy"),
        ("database table is locked: shopkit_orders_order", "busy"),
        ("unable to open database file", "service_unavailable"),
        ("disk I/O error", "service_unavailable"),
        ("attempt to write a readonly database", "service_unavailable"),
        ("no such table: nothing", None),
        ('near "SELEC": syntax error', None),
    ],
)
def test_sqlite_is_known_by_its_words(words, code):
    meaning = meaning_of(by(sqlite3.OperationalError(words)))

    assert (meaning.code if meaning else None) == code


@pytest.fixture
def broken(settings, monkeypatch):
    """``broken(error)``: a middleware raises it before any view is reached."""

    def break_with(error):
        monkeypatch.setattr(BreakingMiddleware, "error", error)
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.core.views.BreakingMiddleware"]
        return APIClient(raise_request_exception=False)

    return break_with


AWAY = OperationalError("unable to open database file")


def test_a_middleware_without_its_database_is_503_for_endpoints(broken):
    assert_away(broken(AWAY).get("/api/v1/products/"))


def test_a_middleware_without_its_database_is_503_for_pages(broken):
    response = broken(AWAY).get("/page/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api/v1/products/", "/api/v1/no-such-thing/"])
def test_a_bug_in_a_middleware_is_a_problem_that_gives_nothing_away(broken, path):
    response = broken(RuntimeError("SELECT secret")).get(path)

    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "internal_error"
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/products/", "/page/"])
def test_a_bug_in_a_middleware_is_announced_and_logged_once(broken, caplog, path):
    heard = []

    def hear(sender, **_):
        heard.append(sender)

    client = broken(RuntimeError("a bug"))
    got_request_exception.connect(hear)
    try:
        client.get(path)
    finally:
        got_request_exception.disconnect(hear)

    assert len(heard) == 1
    assert [one.name for one in caplog.records if one.exc_info] == ["django.request"]


def test_a_bug_in_a_middleware_leaves_a_page_as_django_has_it(broken):
    response = broken(RuntimeError("SELECT secret")).get("/page/")

    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")
    assert "Retry-After" not in response
