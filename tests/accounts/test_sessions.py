"""Signing out, own devices, and the authentication class."""

from datetime import datetime
from uuid import UUID

import pytest

from shopkit.accounts.models import AuthSession

from .calls import delete, errors_of, get, log_in, make_user, post

pytestmark = pytest.mark.django_db


def is_signed_in(tokens):
    return get("profile/", access=tokens["access"]).status_code == 200


def exchange(tokens):
    return post("auth/refresh/", {"refresh": tokens["refresh"]})


def test_an_authenticated_request_costs_one_statement_before_its_own(tokens, statements):
    with statements(2):  # who it is, and the list
        answer = get("auth/sessions/", access=tokens["access"])

    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer rubbish", "bearer \xff\xfe"])
def test_a_broken_bearer_header_is_401(client, db, header):
    answer = client.get("/api/v1/profile/", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.data["code"] == "token_invalid"
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Basic YW5uYTp4", "Token x"])
def test_no_bearer_header_is_not_signed_in(client, db, header):
    answer = client.get("/api/v1/profile/", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.data["code"] == "not_authenticated"


def test_the_word_bearer_is_read_in_any_case(client, tokens):
    header = {"Authorization": f"bEARER {tokens['access']}"}

    assert client.get("/api/v1/profile/", headers=header).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "profile/"),
        ("patch", "profile/"),
        ("post", "auth/logout/"),
        ("get", "auth/sessions/"),
        ("delete", f"auth/sessions/{UUID(int=7)}/"),
        ("post", "auth/password/change/"),
    ],
)
def test_what_is_one_s_own_needs_signing_in(client, db, method, path):
    answer = getattr(client, method)(f"/api/v1/{path}")

    assert answer.status_code == 401
    assert answer.data["code"] == "not_authenticated"


def test_signing_out_ends_the_session_of_the_access_token_at_once(anna, tokens):
    other = log_in("anna")

    answer = post("auth/logout/", access=tokens["access"])

    assert answer.status_code == 204
    assert not is_signed_in(tokens)
    assert exchange(tokens).status_code == 401
    assert is_signed_in(other)
    assert AuthSession.objects.exclude(ended_at=None).get().end_reason == "signed_out"


def test_signing_out_by_refresh_token_ends_that_token_s_session(anna, tokens):
    other = log_in("anna")

    answer = post("auth/logout/", {"refresh": other["refresh"]}, access=tokens["access"])

    assert answer.status_code == 204
    assert not is_signed_in(other)
    assert is_signed_in(tokens)


def test_signing_out_everywhere_ends_one_s_own_sessions_and_nobody_else_s(anna, tokens):
    other = log_in("anna")
    make_user("berdaq")
    foreign = log_in("berdaq")

    answer = post("auth/logout/", {"everywhere": True}, access=tokens["access"])

    assert answer.status_code == 204
    assert not is_signed_in(tokens)
    assert not is_signed_in(other)
    assert is_signed_in(foreign)


def test_signing_out_twice_by_the_same_refresh_token_is_400(anna, tokens):
    other = log_in("anna")
    post("auth/logout/", {"refresh": other["refresh"]}, access=tokens["access"])

    answer = post("auth/logout/", {"refresh": other["refresh"]}, access=tokens["access"])

    assert errors_of(answer) == [("refresh", "token_invalid")]
    assert is_signed_in(tokens)


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_foreign_or_broken_refresh_token_signs_nobody_out(anna, tokens, everywhere):
    make_user("berdaq")
    foreign = log_in("berdaq")

    for token in (foreign["refresh"], "rubbish", tokens["access"]):
        body = {"refresh": token, "everywhere": everywhere}
        answer = post("auth/logout/", body, access=tokens["access"])
        assert errors_of(answer) == [("refresh", "token_invalid")]

    assert is_signed_in(tokens)
    assert is_signed_in(foreign)


@pytest.mark.django_db(transaction=True)
def test_a_used_refresh_token_at_signing_out_ends_its_session_too(anna, tokens):
    other = log_in("anna")
    fresh = exchange(other).data

    answer = post("auth/logout/", {"refresh": other["refresh"]}, access=tokens["access"])

    assert errors_of(answer) == [("refresh", "token_invalid")]
    assert not is_signed_in(fresh)
    assert is_signed_in(tokens)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"blacklist": True}, ("blacklist", "unknown_member")),
        ({"everywhere": "maybe"}, ("everywhere", "invalid")),
    ],
)
def test_a_malformed_sign_out_changes_nothing(tokens, body, wrong):
    assert errors_of(post("auth/logout/", body, access=tokens["access"])) == [wrong]
    assert is_signed_in(tokens)


def test_own_devices_are_a_plain_array_with_the_newest_first(anna, tokens):
    newer = log_in("anna", **{"User-Agent": "Firefox"})
    make_user("berdaq")
    log_in("berdaq")

    rows = get("auth/sessions/", access=newer["access"]).data

    assert [row["is_current"] for row in rows] == [True, False]
    assert set(rows[0]) == {"id", "created_at", "used_at", "agent", "ip", "is_current"}
    assert (rows[0]["agent"], rows[0]["ip"]) == ("Firefox", "127.0.0.1")
    assert datetime.fromisoformat(rows[0]["created_at"])


def test_ended_devices_are_not_listed_and_the_list_is_bounded(anna, tokens, statements):
    log_in("anna")
    post("auth/logout/", access=log_in("anna")["access"])
    session = AuthSession.objects.alive().first()
    AuthSession.objects.bulk_create(
        AuthSession(user=anna, token_hash=f"{index:064}", expires_at=session.expires_at)
        for index in range(110)
    )

    with statements(2):
        rows = get("auth/sessions/", access=tokens["access"]).data

    assert len(rows) == 100


def test_a_list_of_devices_takes_no_unknown_filter(tokens):
    answer = get("auth/sessions/?user=1", access=tokens["access"])

    assert errors_of(answer) == [("user", "unknown_filter")]


def test_a_device_can_be_signed_out_from_another(anna, tokens):
    other = log_in("anna")
    [row] = [r for r in get("auth/sessions/", access=tokens["access"]).data if not r["is_current"]]

    first = delete(f"auth/sessions/{row['id']}/", access=tokens["access"])
    second = delete(f"auth/sessions/{row['id']}/", access=tokens["access"])

    assert (first.status_code, second.status_code) == (204, 404)
    assert not is_signed_in(other)
    assert is_signed_in(tokens)


def test_somebody_else_s_device_is_not_found(tokens):
    make_user("berdaq")
    foreign = log_in("berdaq")
    [row] = get("auth/sessions/", access=foreign["access"]).data

    answer = delete(f"auth/sessions/{row['id']}/", access=tokens["access"])

    assert answer.status_code == 404
    assert is_signed_in(foreign)


def test_a_site_that_signs_in_otherwise_must_say_which_session_ends(client, anna):
    log_in("anna")
    client.force_authenticate(anna)

    answer = client.post("/api/v1/auth/logout/", {}, format="json")

    assert errors_of(answer) == [("refresh", "token_invalid")]
    assert AuthSession.objects.get().ended_at is None
