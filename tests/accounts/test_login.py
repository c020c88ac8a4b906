"""POST auth/login/."""

from typing import Any

import pytest
from django.contrib.auth import user_logged_in, user_login_failed
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from shopkit.accounts.models import AuthSession

from . import hashing
from .calls import PASSWORD, errors_of, get, log_in, make_user, post

pytestmark = pytest.mark.django_db


class DoorBackend(ModelBackend):
    """A site's own way in: one secret for everybody, switched-off accounts included."""

    def authenticate(
        self, request: Any, username: Any = None, password: Any = None, **_: Any
    ) -> Any:
        from django.contrib.auth import get_user_model

        if password != "open sesame":
            return None
        return get_user_model()._default_manager.get_by_natural_key(username)


@pytest.fixture
def heard():
    """What the two signals of Django were sent with."""
    said: list[tuple[str, Any]] = []

    def came(sender: Any, request: Any, user: Any, **_: Any) -> None:
        said.append(("in", (request, user)))

    def failed(sender: Any, credentials: Any, request: Any, **_: Any) -> None:
        said.append(("failed", (request, credentials)))

    user_logged_in.connect(came)
    user_login_failed.connect(failed)
    yield said
    user_logged_in.disconnect(came)
    user_login_failed.disconnect(failed)


@pytest.mark.parametrize("member", ["identifier", "username"])
def test_the_right_password_answers_tokens(anna, member):
    answer = post("auth/login/", {member: "anna", "password": PASSWORD})

    assert answer.status_code == 200
    assert set(answer.data) == {"access", "refresh", "expires_in"}
    assert answer.data["expires_in"] == 300
    assert answer["Cache-Control"] == "no-store"
    assert get("profile/", access=answer.data["access"]).data["username"] == "anna"


def test_unknown_name_wrong_password_and_switched_off_account_are_answered_alike(anna):
    berdaq = make_user("berdaq")
    berdaq.is_active = False
    berdaq.save()
    bodies = [
        {"identifier": "anna", "password": "wrong"},
        {"identifier": "nobody", "password": PASSWORD},
        {"identifier": "berdaq", "password": PASSWORD},
    ]

    answers = [post("auth/login/", body) for body in bodies]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].data["code"] == "invalid_credentials"
    assert answers[0]["WWW-Authenticate"] == "Bearer"
    assert not AuthSession.objects.exists()


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountingHasher"]
    make_user("anna")
    hashing.asked.clear()

    post("auth/login/", {"identifier": "anna", "password": "wrong"})
    known = len(hashing.asked)
    post("auth/login/", {"identifier": "nobody", "password": "wrong"})
    unknown = len(hashing.asked) - known

    assert known == unknown == 2


@pytest.mark.parametrize(
    "body",
    [
        {"password": PASSWORD},
        {"identifier": "anna", "username": "anna", "password": PASSWORD},
    ],
)
def test_exactly_one_name_is_given(anna, body):
    answer = post("auth/login/", body)

    assert answer.status_code == 400
    assert answer.data["code"] == "one_identifier"
    assert not AuthSession.objects.exists()


@pytest.mark.parametrize("member", ["otp", "remember"])
def test_members_we_do_not_read_are_refused(anna, member):
    answer = post("auth/login/", {"identifier": "anna", "password": PASSWORD, member: "x"})

    assert errors_of(answer) == [(member, "unknown_member")]
    assert not AuthSession.objects.exists()


def test_a_password_is_taken_with_its_blanks(anna):
    answer = post("auth/login/", {"identifier": "anna", "password": f" {PASSWORD}"})

    assert answer.status_code == 401


def test_signing_in_tells_django_with_the_request_and_its_cart_token(anna, heard):
    log_in("anna", **{"X-Cart-Token": "guest-7"})

    [(kind, (request, user))] = heard
    assert kind == "in"
    assert user == anna
    assert isinstance(request, HttpRequest)
    assert request.headers["X-Cart-Token"] == "guest-7"
    assert request.user == anna


def test_signing_in_makes_no_django_session(anna):
    answer = post("auth/login/", {"identifier": "anna", "password": PASSWORD})

    assert answer.status_code == 200
    assert not answer.cookies


def test_a_failure_tells_django_without_the_password(anna, heard):
    post("auth/login/", {"identifier": "anna", "password": "wrong"})

    [(kind, (_, credentials))] = heard
    assert kind == "failed"
    assert credentials["username"] == "anna"
    assert "wrong" not in str(credentials)


def test_the_site_s_own_backends_decide(anna, settings):
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.DoorBackend"]

    assert log_in("anna", "open sesame")
    assert post("auth/login/", {"identifier": "anna", "password": PASSWORD}).status_code == 401


def test_an_account_is_off_even_for_a_backend_that_lets_it_in(anna, settings):
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.DoorBackend"]
    anna.is_active = False
    anna.save()

    answer = post("auth/login/", {"identifier": "anna", "password": "open sesame"})

    assert answer.status_code == 401
    assert not AuthSession.objects.exists()


def test_a_dead_token_in_the_header_does_not_keep_anybody_out(anna):
    answer = post("auth/login/", {"identifier": "anna", "password": PASSWORD}, access="dead")

    assert answer.status_code == 200


def test_nothing_of_a_token_is_stored(anna):
    tokens = log_in("anna")

    session = AuthSession.objects.get()
    stored = " ".join(str(getattr(session, one.attname)) for one in AuthSession._meta.fields)
    parts = [part for kind in ("access", "refresh") for part in tokens[kind].split(".")]
    assert not any(part in stored for part in parts)
    assert len(session.token_hash) == 64


def test_device_and_address_are_kept_bounded_and_printable(anna):
    log_in("anna", **{"User-Agent": "Fir\x07efox " + "x" * 400})

    session = AuthSession.objects.get()
    assert session.agent == ("Firefox " + "x" * 400)[:300]
    assert session.address == "127.0.0.1"
