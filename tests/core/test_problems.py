"""Every error the API can answer has one shape and gives nothing away."""

import logging
import threading

import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import connection, connections, transaction

from shopkit.catalog.models import Category
from shopkit.catalog.testing import make_category
from tests.core.views import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls")]

API = "/api/v1/"
MEMBERS = {"type", "title", "status", "detail", "code"}
LEAKS = (SECRET, "Traceback", "SELECT", "INSERT", "UPDATE", "DETAIL", ".py", "0x")


@pytest.fixture(autouse=True)
def quiet(client):
    """Let Django answer as it would in production."""
    client.raise_request_exception = False
    cache.clear()


def assert_problem(response, status, code, title):
    """Assert the whole frame, and return the body."""
    body = response.json()
    assert response.status_code == status, body
    assert response["Content-Type"] == "application/problem+json"
    assert body.keys() >= MEMBERS
    assert (body["type"], body["title"], body["status"], body["code"]) == (
        "about:blank",
        title,
        status,
        code,
    )
    assert isinstance(body["detail"], str)
    assert body["detail"]
    assert not [leak for leak in LEAKS if leak in response.content.decode()]
    assert response["Cache-Control"] == "no-store"
    return body


@pytest.mark.parametrize(
    ("kind", "status", "code", "title"),
    [
        ("http404", 404, "not_found", "Not Found"),
        ("django-denied", 403, "permission_denied", "Forbidden"),
        ("forbidden", 403, "permission_denied", "Forbidden"),
        ("not-signed-in", 401, "not_authenticated", "Unauthorized"),
        ("refusal", 409, "sold_out", "Conflict"),
        ("rate-limited", 429, "rate_limited", "Too Many Requests"),
        ("backend", 503, "service_unavailable", "Service Unavailable"),
        ("integrity", 409, "conflict", "Conflict"),
        ("suspicious", 400, "parse_error", "Bad Request"),
        ("bad-request", 400, "parse_error", "Bad Request"),
        ("too-big", 413, "body_too_large", "Content Too Large"),
        ("bug", 500, "internal_error", "Internal Server Error"),
        ("drf-teapot", 500, "odd", "Internal Server Error"),
    ],
)
def test_every_error_is_a_problem_that_gives_nothing_away(client, kind, status, code, title):
    assert_problem(client.get(f"/raise/{kind}/"), status, code, title)


def test_a_reused_key_is_422(client):
    response = client.get("/raise/key-reused/")

    assert response.json().keys() >= MEMBERS
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()["status"]) == (422, 422)
    assert response.json()["code"] == "idempotency_key_reused"


def test_a_refusal_tells_its_facts(client):
    body = client.get("/raise/refusal/").json()

    assert (body["variant_id"], body["available"]) == (7, 2)
    assert body["detail"] == "There is not enough."


def test_facts_never_stand_in_for_the_members_of_the_frame(client):
    body = client.get("/raise/refusal-that-shadows/").json()

    assert (body["status"], body["code"], body["detail"]) == (
        409,
        "sold_out",
        "There is not enough.",
    )


@pytest.mark.parametrize(
    ("kind", "wait"),
    [("rate-limited", "31"), ("backend", "1"), ("backend-later", "60")],
)
def test_who_may_come_back_is_told_when(client, kind, wait):
    assert client.get(f"/raise/{kind}/")["Retry-After"] == wait


@pytest.mark.parametrize("kind", ["refusal", "integrity", "bug", "http404"])
def test_who_gains_nothing_by_waiting_is_not_told_to(client, kind):
    assert "Retry-After" not in client.get(f"/raise/{kind}/")


def test_nobody_is_challenged(client):
    body = assert_problem(client.get("/signed-in/"), 401, "not_authenticated", "Unauthorized")

    assert body.keys() == MEMBERS
    assert client.get("/signed-in/")["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/raise/not-signed-in/")["WWW-Authenticate"] == "Bearer"


def test_a_broken_token_is_401_and_challenged(client):
    response = client.get("/signed-in/", HTTP_AUTHORIZATION=f"Bearer {SECRET}")

    assert (response.status_code, response.json()["status"]) == (401, 401)
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert SECRET not in response.content.decode()


def test_a_customer_is_forbidden_what_staff_may(as_user, as_staff):
    assert_problem(as_user.get("/staff/"), 403, "permission_denied", "Forbidden")
    assert as_staff.get("/staff/").status_code == 200


def test_a_wrong_method_is_told_the_right_ones(client):
    response = client.delete("/basket/")

    assert_problem(response, 405, "method_not_allowed", "Method Not Allowed")
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data"])
def test_a_body_in_another_form_is_415(client, media_type):
    response = client.generic("POST", "/basket/", "x", content_type=media_type)

    assert_problem(response, 415, "unsupported_media_type", "Unsupported Media Type")


def test_the_throttled_are_told_when_to_come_back(client):
    assert client.get("/throttled/").status_code == 200

    response = client.get("/throttled/")

    assert_problem(response, 429, "throttled", "Too Many Requests")
    assert 1 <= int(response["Retry-After"]) <= 60


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png;q=0", "rubbish"])
def test_errors_have_one_shape_whatever_is_accepted(client, accept):
    response = client.get("/raise/http404/", HTTP_ACCEPT=accept)

    assert_problem(response, 404, "not_found", "Not Found")


def rows(response):
    """Return the wrong fields as pairs."""
    body = assert_problem(response, 400, "validation_error", "Bad Request")
    return [(row["attr"], row["code"]) for row in body["errors"]]


def test_wrong_members_are_named_by_their_dotted_place(client):
    line = {"sku": "A", "quantity": 1}
    body = {
        "lines": [line, {"sku": "toolong", "quantity": 0}, {"sku": "B"}],
        "tags": [1, "x"],
        "contact": {"sku": ""},
    }

    assert sorted(rows(client.post("/basket/", body, format="json"))) == [
        ("contact.quantity", "required"),
        ("contact.sku", "blank"),
        ("lines.1.quantity", "min_value"),
        ("lines.1.sku", "max_length"),
        ("lines.2.quantity", "required"),
        ("tags.1", "invalid"),
    ]


def test_a_list_that_is_none_is_named_itself(client):
    response = client.post("/basket/", {"lines": 5}, format="json")

    assert rows(response) == [("lines", "not_a_list")]


def test_what_no_member_is_to_blame_for_lends_its_code(client):
    body = assert_problem(
        client.post("/basket/", {"lines": []}, format="json"), 400, "empty", "Bad Request"
    )

    assert body["errors"] == [{"attr": "", "code": "empty", "detail": "Nothing is in it."}]
    assert body["detail"] == "Nothing is in it."


@pytest.mark.parametrize(
    ("kind", "errors"),
    [
        ("django-fields", [("phone", "bad_phone", "Not a number: x.")]),
        (
            "django-two-fields",
            [("a", "invalid", "One."), ("a", "invalid", "Two."), ("b", "invalid", "Three.")],
        ),
        ("django-list", [("", "invalid", "One."), ("", "invalid", "Two.")]),
        ("django-plain", [("", "invalid", "No.")]),
        ("drf-plain", [("", "invalid", "No.")]),
    ],
)
def test_what_a_service_finds_wrong_is_told_by_field(client, kind, errors):
    body = assert_problem(client.get(f"/raise/{kind}/"), 400, "validation_error", "Bad Request")

    assert [(row["attr"], row["code"], row["detail"]) for row in body["errors"]] == errors


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("django-one", "unknown_thing"),
        ("drf-code", "unknown_thing"),
        ("django-all", "pick_one"),
    ],
)
def test_a_general_error_with_a_code_is_known_by_it(client, kind, code):
    body = assert_problem(client.get(f"/raise/{kind}/"), 400, code, "Bad Request")

    assert [row["attr"] for row in body["errors"]] == [""]


def test_a_bug_is_logged_and_announced_and_tells_nothing(client, caplog):
    heard = []

    def hear(sender, request, **_):
        heard.append(request.path)

    got_request_exception.connect(hear)
    try:
        with caplog.at_level(logging.ERROR, "shopkit.api"):
            response = client.get("/raise/bug/")
    finally:
        got_request_exception.disconnect(hear)

    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side.",
        "code": "internal_error",
    }
    assert heard == ["/raise/bug/"]
    ours = [record for record in caplog.records if record.name == "shopkit.api"]
    assert [record.getMessage() for record in ours] == ["Unexpected error in GET RaisingView."]
    assert SECRET in str(ours[0].exc_info[1])


def test_a_missing_table_is_a_bug_and_not_a_busy_shop(client):
    response = client.get("/missing-table/")

    assert_problem(response, 500, "internal_error", "Internal Server Error")


def test_a_broken_constraint_is_a_conflict_whose_values_stay_with_us(client, caplog):
    one, other = make_category(name="One"), make_category(name="Other")

    with caplog.at_level(logging.WARNING, "shopkit.api"), transaction.atomic():
        response = client.post("/duplicate/")

    assert_problem(response, 409, "conflict", "Conflict")
    assert SECRET not in caplog.text
    assert set(Category.objects.values_list("slug", flat=True)) == {one.slug, other.slug}


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_not_free_in_time_is_told_and_may_be_tried_again(client):
    category = make_category()
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Category.objects.filter(pk=category.pk).update(position=2)
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(30)
        response = client.post("/waiting/")
    finally:
        done.set()
        holder.join(30)

    if connection.vendor == "sqlite":
        assert_problem(response, 503, "busy", "Service Unavailable")
    else:
        assert_problem(response, 409, "busy", "Conflict")
    assert response["Retry-After"] == "1"
    category.refresh_from_db()
    assert category.position == 2
    assert client.post("/waiting/").status_code == 200, connection.vendor


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["nothing/", "products/no/such/path/", "a%00b/", "%F0%9F%8D%8E/"])
def test_an_unknown_path_is_a_problem_by_every_method(client, method, path):
    response = getattr(client, method)(API + path)

    assert_problem(response, 404, "not_found", "Not Found")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_read_without_the_last_slash_is_sent_on_with_its_query(client, method):
    response = getattr(client, method)(f"{API}products?search=cup&page=2")

    assert response.status_code == 301
    assert response["Location"] == f"{API}products/?search=cup&page=2"


@pytest.mark.parametrize("path", ["cart/items", "orders", "auth/login"])
def test_a_write_without_the_last_slash_is_404(client, path):
    response = client.post(API + path, {}, format="json")

    assert_problem(response, 404, "not_found", "Not Found")


def test_an_unknown_path_without_a_slash_is_not_sent_anywhere(client):
    assert_problem(client.get(f"{API}nothing"), 404, "not_found", "Not Found")


def test_nobody_is_sent_to_another_host(client):
    response = client.get(f"{API}/evil.example/products")

    assert response.status_code == 404
    assert "Location" not in response
