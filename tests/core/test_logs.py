"""Log lines: tied to their request, and without what must not stand in a log."""

import json
import logging
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from shopkit.core.logs import JsonFormatter, LineFormatter, RequestIdFilter, bound_request_id

from .log_lines import everything_logged

API = "/api/v1/"
MIDDLEWARE = "shopkit.core.middleware.RequestLogMiddleware"


@pytest.fixture
def lines(settings):
    """A site that lists the middleware; everything that it logs."""
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    with everything_logged() as lines:
        yield lines


def formatted(formatter, message="", *args, **options):
    record = logging.LogRecord("shop", logging.INFO, "f.py", 1, message, args, None)
    for name, value in options.items():
        setattr(record, name, value)
    return formatter.format(record)


@pytest.mark.django_db
def test_a_request_leaves_one_line_that_names_its_route_and_not_its_path(lines, as_user, user):
    answer = as_user.get(f"{API}orders/7K3M9-QX2TD/?token=a-secret-token")

    [line] = lines.of("shopkit.access")
    assert answer.status_code == 404
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("at"))
    assert 0 < line.pop("duration_ms") < 60_000
    message = line.pop("message")
    assert line == {
        "level": "INFO",
        "logger": "shopkit.access",
        "request_id": answer["X-Request-ID"],
        "method": "GET",
        "route": "shopkit:order-detail",
        "status": 404,
        "user_id": user.pk,
    }
    assert re.fullmatch(r"GET shopkit:order-detail 404 in \d+ ms", message)
    assert "a-secret-token" not in lines.text


@pytest.mark.django_db
def test_looking_nobody_up_for_the_logs_sake(lines, django_assert_num_queries):
    client = Client()
    with django_assert_num_queries(0):
        client.get(f"{API}nothing-here/")

    assert "user_id" not in lines.of("shopkit.access")[0]


@pytest.mark.parametrize("given", ["trace-0123456789", "A.b_c-12", "0" * 64])
def test_an_id_that_comes_in_is_kept(lines, given):
    answer = Client().get(f"{API}nothing-here/", headers={"X-Request-ID": given})

    assert answer["X-Request-ID"] == given
    assert {line["request_id"] for line in lines.of("shopkit.access")} == {given}


@pytest.mark.parametrize(
    "given",
    ["", "short", "0" * 65, "has blank 0123", 'quote"0123456', "line\n01234567", "эхо-12345678"],
)
def test_an_id_that_could_harm_a_log_is_replaced(lines, given):
    answer = Client().get(f"{API}nothing-here/", HTTP_X_REQUEST_ID=given)

    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


def test_every_request_has_another_id(lines):
    first, second = (Client().get(f"{API}nothing-here/") for _ in range(2))

    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_method_that_is_made_up_stays_out_of_the_line(lines):
    Client().generic("EVIL\x1b[2J", f"{API}nothing-here/")

    assert lines.of("shopkit.access")[0]["method"] == "?"


def test_django_s_own_line_about_a_failed_request_has_the_id_too(lines):
    answer = Client().get(f"{API}nothing-here/")

    [line] = lines.of("django.request")
    assert line["request_id"] == answer["X-Request-ID"]


def test_an_unexpected_error_can_be_found_by_the_id_in_its_body(lines, settings):
    settings.ROOT_URLCONF = "tests.core.urls"
    answer = Client(raise_request_exception=False).get("/raise/bug/")

    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    [error] = lines.of("shopkit.api")
    assert (error["level"], error["request_id"]) == ("ERROR", answer["X-Request-ID"])
    assert "Traceback" in error["exception"]
    assert "Traceback" not in answer.text
    [line] = lines.of("shopkit.access")
    assert (line["level"], line["status"]) == ("WARNING", 500)


def test_an_expected_error_needs_no_id(lines):
    assert "request_id" not in Client().get(f"{API}nothing-here/").json()


def test_the_id_ends_with_its_block():
    assert formatted(JsonFormatter()).find("request_id") == -1
    with bound_request_id("outer-0123"):
        with bound_request_id("inner-0123"):
            pass
        record = logging.LogRecord("shop", logging.INFO, "f.py", 1, "", (), None)
        assert RequestIdFilter().filter(record)
    assert record.request_id == "outer-0123"
    RequestIdFilter().filter(record)
    assert record.request_id == ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("sent to +998901234567.", "sent to …4567."),
        ("?phone=%2B998901234567", "?phone=…4567"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer …"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln failed", "… failed"),
        (
            "https://api.telegram.org/bot1234567890:AAMadeUpBotTokenForTests/x",
            "https://api.telegram.org/bot…/x",
        ),
        ("redis://shop:pass-word@cache:6379/0", "redis://…@cache:6379/0"),
        (
            "order 7K3M9-QX2TD, 12345 units, 1700000000000",
            "order 7K3M9-QX2TD, 12345 units, 1700000000000",
        ),
    ],
)
@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter("{message}", style="{")])
def test_what_others_write_is_cleaned(formatter, written, kept):
    text = formatted(formatter, "%s", written)

    assert (json.loads(text)["message"] if text.startswith("{") else text) == kept


def test_an_object_that_another_library_hangs_on_a_record_is_not_written():
    text = formatted(
        JsonFormatter(), "x", request="<WSGIRequest: GET '/?token=secret'>", data={"a": 1}
    )

    assert set(json.loads(text)) == {"at", "level", "logger", "message"}


@pytest.mark.parametrize("value", [{"a": 1}, [1], {1}])
def test_a_field_of_another_library_s_own_shape_costs_no_line(value):
    text = formatted(JsonFormatter(), "x", status=value)

    assert json.loads(text)["status"] == str(value)


def test_a_line_break_in_a_message_makes_no_second_line():
    text = formatted(JsonFormatter(), "%s", 'one\n{"level": "INFO"}\u2028two')

    assert len(text.splitlines()) == 1


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter()])
def test_the_row_that_postgresql_refused_is_not_quoted(formatter):
    name = "An" + "na\nKim"  # the traceback shows this file's lines
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE refusing (name text, units int CHECK (units > 0))")
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            cursor.execute("INSERT INTO refusing VALUES (%s, -1)", [name])
    text = formatted(formatter, "Failed.", exc_info=(caught.type, caught.value, caught.tb))

    assert name in str(caught.value)
    assert "violates check constraint" in text
    assert "DETAIL:" in text
    assert "Anna" not in text
