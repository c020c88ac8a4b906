"""Bodies nobody sane would send: each is refused with a 4xx, never a 500."""

import json

import pytest
from django.core.cache import cache
from django.test import override_settings

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls")]

JSON = "application/json"
DEEP = 10_000
SMALL = {"API": {"MAX_BODY": 64}}


@pytest.fixture(autouse=True)
def quiet(client):
    """Let Django answer as it would in production."""
    client.raise_request_exception = False
    cache.clear()


def post(client, raw, path="/echo/", **extra):
    return client.generic("POST", path, raw, content_type=JSON, **extra)


def assert_refused(response, status=400, code="parse_error"):
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (status, code), response.content


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1',
        b"{'a': 1}",
        b'{"a": 1} {"b": 2}',
        b"rubbish",
        b'{"a": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[-1e999]",
        b"\xff\xfe\x00",
        b'{"a": "\xe9"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "x\x00y"}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'[[[{"a": ["\\ud800"]}]]]',
        b'"\\udc00\\ud800"',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b"[" + b"9" * 5_000 + b"]",
    ],
)
def test_what_is_not_json_in_utf_8_is_400(client, raw):
    assert_refused(post(client, raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b"[" * DEEP,
    ],
)
def test_a_body_nested_without_end_is_400(client, raw):
    assert_refused(post(client, raw))


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        ('{"a": "\\u041a\\ud83c\\udf4e\\n"}', {"a": "К🍎\n"}),
        ('{"a": "К🍎", "b": [1, 2.5, null, true]}', {"a": "К🍎", "b": [1, 2.5, None, True]}),
        ('{"a": "\\\\u0000"}', {"a": "\\u0000"}),
        ("[1e30]", [1e30]),
        (" \n{}\t", {}),
    ],
)
def test_all_of_unicode_and_json_is_read(client, raw, data):
    response = post(client, raw.encode())

    assert (response.status_code, response.json()) == (200, {"data": data})


def test_a_body_that_says_it_is_huge_is_refused(client):
    assert_refused(post(client, b'"' + b"x" * 10_000_000 + b'"'), 413, "body_too_large")


def test_a_huge_body_is_refused_by_what_it_says_before_it_is_read(client):
    response = post(client, b"{}", CONTENT_LENGTH="10000000000")

    assert_refused(response, 413, "body_too_large")


@override_settings(SHOPKIT=SMALL)
def test_the_largest_body_is_read_and_one_byte_more_is_not(client):
    fits = json.dumps("x" * 62).encode()

    assert (len(fits), post(client, fits).json()) == (64, {"data": "x" * 62})
    assert_refused(post(client, fits + b" "), 413, "body_too_large")


@pytest.mark.parametrize(
    "media_type", ["application/x-www-form-urlencoded", "text/plain", "application/jsonx", ""]
)
def test_a_body_that_is_not_said_to_be_json_is_415(client, media_type):
    response = client.generic("POST", "/echo/", "a=1", content_type=media_type)

    assert_refused(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_the_media_type_may_be_spelled_in_any_usual_way(client, media_type):
    response = client.generic("POST", "/echo/", '{"a": 1}', content_type=media_type)

    assert response.json() == {"data": {"a": 1}}


@pytest.mark.parametrize("raw", [b"[]", b'[{"lines": []}]', b'"text"', b"5", b"true"])
def test_another_kind_of_json_where_members_are_expected_is_400(client, raw):
    response = post(client, raw, path="/basket/")

    assert_refused(response, 400, "validation_error")
    assert [(row["attr"], row["code"]) for row in response.json()["errors"]] == [("", "invalid")]


def test_null_where_members_are_expected_is_400(client):
    assert post(client, b"null", path="/basket/").status_code == 400


def test_an_empty_body_lacks_what_is_required(client):
    response = post(client, b"", path="/basket/")

    assert_refused(response, 400, "validation_error")
    assert [(row["attr"], row["code"]) for row in response.json()["errors"]] == [
        ("lines", "required")
    ]


@pytest.mark.parametrize(
    "path", ["auth/login/", "auth/register/", "auth/refresh/", "cart/items/", "cart/merge/"]
)
@pytest.mark.parametrize("raw", [b"[]", b"null", b'"x"', b"{", b'{"a": "\\u0000"}', b"[" * DEEP])
def test_no_doorway_of_ours_breaks_on_a_strange_body(client, path, raw):
    response = post(client, raw, path=f"/api/v1/{path}")

    assert response.status_code in {400, 401, 429}, response.content
    assert response["Content-Type"] == "application/problem+json"
