"""POST auth/refresh/: a token works once, its reuse ends the session."""

import base64
import json
import time
from datetime import timedelta

import jwt
import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.db.models.functions import Now

from shopkit.accounts.models import AuthSession
from shopkit.accounts.services import refresh

from .calls import get, log_in, post

pytestmark = pytest.mark.django_db


def exchange(token):
    return post("auth/refresh/", {"refresh": token})


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def is_signed_in(access):
    return get("profile/", access=access).status_code == 200


def test_a_refresh_token_is_exchanged_for_a_new_pair(tokens):
    answer = exchange(tokens["refresh"])

    assert answer.status_code == 200
    assert set(answer.data) == {"access", "refresh", "expires_in"}
    assert answer.data["refresh"] != tokens["refresh"]
    assert answer["Cache-Control"] == "no-store"
    assert is_signed_in(answer.data["access"])
    assert exchange(answer.data["refresh"]).status_code == 200


def test_tokens_live_as_long_as_the_settings_say(tokens):
    access, token = claims_of(tokens["access"]), claims_of(tokens["refresh"])

    assert access["exp"] - access["iat"] == 5 * 60
    assert token["exp"] - token["iat"] == 14 * 24 * 3600
    assert access["sid"] == token["sid"] == str(AuthSession.objects.get().pk)
    assert access["jti"] != token["jti"]


def test_a_session_lives_on_as_long_as_it_is_used(tokens):
    AuthSession.objects.update(expires_at=Now() + timedelta(hours=1), used_at=Now())
    before = AuthSession.objects.get()

    exchange(tokens["refresh"])

    after = AuthSession.objects.get()
    assert after.expires_at > before.expires_at + timedelta(days=13)
    assert after.used_at >= before.used_at


def test_a_used_token_that_comes_back_ends_the_whole_session(tokens):
    fresh = exchange(tokens["refresh"]).data

    answer = exchange(tokens["refresh"])

    assert answer.status_code == 401
    assert answer.data["code"] == "token_invalid"
    assert AuthSession.objects.get().end_reason == "reused"
    assert exchange(fresh["refresh"]).status_code == 401
    assert not is_signed_in(fresh["access"])
    assert not is_signed_in(tokens["access"])


def test_reuse_in_one_session_leaves_the_others_alone(anna, tokens):
    other = log_in("anna")
    exchange(tokens["refresh"])

    exchange(tokens["refresh"])

    assert is_signed_in(other["access"])
    assert exchange(other["refresh"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_end_of_the_session_survives_the_refusal_under_atomic_requests(tokens, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    exchange(tokens["refresh"])

    assert exchange(tokens["refresh"]).status_code == 401

    assert AuthSession.objects.get().end_reason == "reused"


@pytest.mark.django_db(transaction=True)
def test_evidence_that_a_caller_s_transaction_could_undo_is_loud(tokens):
    exchange(tokens["refresh"])

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        refresh(tokens["refresh"])


def nested(depth):
    header = base64.urlsafe_b64encode(b"[" * depth).decode().rstrip("=")
    return f"{header}.e30.c2ln"


def test_a_session_over_by_the_database_s_clock_is_over(tokens):
    AuthSession.objects.update(expires_at=Now() - timedelta(seconds=1))

    assert exchange(tokens["refresh"]).status_code == 401
    assert not is_signed_in(tokens["access"])
    assert AuthSession.objects.get().end_reason == ""


def test_an_expired_token_is_refused(anna, settings):
    settings.SHOPKIT = {
        **site.SHOPKIT,
        "ACCOUNTS": {
            "ACCESS_LIFETIME": timedelta(milliseconds=1),
            "REFRESH_LIFETIME": timedelta(milliseconds=2),
        },
    }
    tokens = log_in("anna")
    AuthSession.objects.update(expires_at=Now() + timedelta(hours=1))

    refreshed = exchange(tokens["refresh"])
    read = get("profile/", access=tokens["access"])

    assert (refreshed.status_code, refreshed.data["code"]) == (401, "token_invalid")
    assert (read.status_code, read.data["code"]) == (401, "token_expired")
    assert AuthSession.objects.get().ended_at is None


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(tokens):
    assert exchange(tokens["access"]).status_code == 401
    assert not is_signed_in(tokens["refresh"])
    assert AuthSession.objects.get().ended_at is None


def forgeries(tokens):
    claims = claims_of(tokens["refresh"])
    head, body, signature = tokens["refresh"].split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    other = base64.urlsafe_b64encode(
        json.dumps({**claims, "exp": int(time.time()) + 9999}).encode()
    ).decode()
    return {
        "no algorithm": f"{none}.{body}.",
        "no algorithm, signed": f"{none}.{body}.{signature}",
        "foreign key": jwt.encode(claims, "k" * 64, algorithm="HS256"),
        "the site's bare key": jwt.encode(claims, site.SECRET_KEY, algorithm="HS256"),
        "other algorithm": jwt.encode(claims, "k" * 64, algorithm="HS512"),
        "other claims": f"{head}.{other.rstrip('=')}.{signature}",
        "no signature": f"{head}.{body}",
        "rubbish": "rubbish",
        "dots": "..",
        "not ascii": "қызыл.сары.көк",
        "nested": nested(1100),
        "list as header": f"{base64.urlsafe_b64encode(b'[1]').decode()}.{body}.{signature}",
        "list as algorithm": "eyJhbGciOlsiSFMyNTYiXX0.e30.c2ln",
    }


@pytest.mark.parametrize("kind", forgeries({"refresh": jwt.encode({}, "k" * 64)}))
def test_a_forged_token_is_refused_and_ends_nothing(tokens, kind):
    answer = exchange(forgeries(tokens)[kind])

    assert answer.status_code == 401
    assert answer.data["code"] == "token_invalid"
    assert AuthSession.objects.get().ended_at is None
    assert exchange(tokens["refresh"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"refresh": ""}, "blank"),
        ({"refresh": None}, "null"),
        ({"refresh": {}}, "invalid"),
        ({"refresh": "x" * 2001}, "max_length"),
    ],
)
def test_a_malformed_body_is_400(db, body, code):
    answer = post("auth/refresh/", body)

    assert answer.status_code == 400
    assert answer.data["errors"][0]["code"] == code


def test_a_deleted_user_s_token_is_401(anna, tokens):
    anna.delete()

    assert exchange(tokens["refresh"]).status_code == 401
    assert not is_signed_in(tokens["access"])


def test_a_switched_off_user_s_token_is_401(anna, tokens):
    anna.is_active = False
    anna.save()

    assert exchange(tokens["refresh"]).status_code == 401
    assert not is_signed_in(tokens["access"])


def test_a_password_changed_elsewhere_ends_the_session(anna, tokens):
    anna.set_password("another-good-passphrase-8")
    anna.save()

    assert exchange(tokens["refresh"]).status_code == 401
    assert not is_signed_in(tokens["access"])


def test_an_exchange_takes_two_statements(tokens, statements):
    with statements(2):
        assert exchange(tokens["refresh"]).status_code == 200
