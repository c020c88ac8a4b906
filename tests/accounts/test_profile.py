"""GET and PATCH profile/."""

import pytest
from django.contrib.auth import get_user_model
from django.utils.dateparse import parse_datetime

from shopkit.accounts.models import Profile

from .calls import PASSWORD, errors_of, get, has_field, log_in, make_user, patch, post

pytestmark = pytest.mark.django_db


def names():
    return sorted(one.get_username() for one in get_user_model()._default_manager.all())


def test_a_profile_shows_the_whole_shape(anna, tokens, statements):
    with statements(6):
        answer = get("profile/", access=tokens["access"])

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    key = anna.pk if isinstance(anna.pk, int) else str(anna.pk)
    joined = answer.data["date_joined"]
    assert parse_datetime(joined) if has_field("date_joined") else joined is None
    assert answer.json() == {
        "id": key,
        "username": "anna",
        "first_name": "",
        "last_name": "",
        "email": None,
        "email_verified": False,
        "phone": None,
        "phone_verified": False,
        "photo": None,
        "language": "",
        "telegram_linked": False,
        "two_factor": None,
        "date_joined": joined,
        "default_address": None,
    }


def test_a_profile_shows_the_address_the_site_has(anna, tokens):
    setattr(anna, anna.get_email_field_name(), "anna@example.com")
    anna.save()

    answer = get("profile/", access=tokens["access"])

    assert answer.data["email"] == "anna@example.com"
    assert answer.data["email_verified"] is False


@pytest.mark.parametrize("language", ["uz", "kaa", "ru", "en", ""])
def test_a_language_is_kept(tokens, language):
    patch("profile/", {"language": "ru"}, access=tokens["access"])

    answer = patch("profile/", {"language": language}, access=tokens["access"])

    assert answer.status_code == 200
    assert answer.data["language"] == language
    assert get("profile/", access=tokens["access"]).data["language"] == language


def test_names_are_kept_where_the_site_has_room_for_them(anna, tokens):
    answer = patch("profile/", {"first_name": "Anna", "last_name": "Kim"}, access=tokens["access"])

    if has_field("first_name"):
        assert (answer.data["first_name"], answer.data["last_name"]) == ("Anna", "Kim")
        anna.refresh_from_db()
        assert (anna.first_name, anna.last_name) == ("Anna", "Kim")
    else:
        assert errors_of(answer) == [
            ("first_name", "unknown_member"),
            ("last_name", "unknown_member"),
        ]


def test_a_new_username_signs_in_and_the_session_goes_on(tokens):
    answer = patch("profile/", {"username": "anna2"}, access=tokens["access"])

    assert answer.status_code == 200
    assert answer.data["username"] == "anna2"
    assert get("profile/", access=tokens["access"]).data["username"] == "anna2"
    assert log_in("anna2")
    old = post("auth/login/", {"identifier": "anna", "password": PASSWORD})
    assert old.status_code == 401


def test_one_s_own_name_in_another_case_is_free(tokens):
    answer = patch("profile/", {"username": "ANNA"}, access=tokens["access"])

    assert answer.data["username"] == "ANNA"


def test_a_given_up_name_is_free_again(tokens):
    patch("profile/", {"username": "anna2"}, access=tokens["access"])

    answer = post("auth/register/", {"username": "Anna", "password": PASSWORD})

    assert answer.status_code == 201
    assert names() == ["Anna", "anna2"]


def test_a_name_that_the_site_s_own_code_took_away_is_free_again(anna, tokens):
    patch("profile/", {"username": "first"}, access=tokens["access"])
    type(anna)._default_manager.filter(pk=anna.pk).update(**{anna.USERNAME_FIELD: "second"})

    body = {"username": "First", "password": PASSWORD}

    assert post("auth/register/", body).status_code == 201
    assert log_in("First")
    assert errors_of(post("auth/register/", {**body, "username": "SECOND"})) == [
        ("username", "username_taken")
    ]


@pytest.mark.parametrize("name", ["berdaq", "BERDAQ"])
def test_a_taken_name_is_refused_with_everything_else_in_the_body(tokens, name):
    make_user("berdaq")

    answer = patch("profile/", {"username": name, "language": "ru"}, access=tokens["access"])

    assert errors_of(answer) == [("username", "username_taken")]
    assert names() == ["anna", "berdaq"]
    assert get("profile/", access=tokens["access"]).data["language"] == ""


READ_ONLY = [
    "id",
    "email",
    "email_verified",
    "phone",
    "phone_verified",
    "photo",
    "telegram_linked",
    "two_factor",
    "date_joined",
    "default_address",
]


@pytest.mark.parametrize("member", [*READ_ONLY, "is_staff", "password", "nickname"])
def test_read_only_and_unknown_members_are_refused(tokens, member):
    answer = patch("profile/", {"language": "ru", member: "x"}, access=tokens["access"])

    assert errors_of(answer) == [(member, "unknown_member")]
    assert not Profile.objects.filter(language="ru").exists()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"username": ""}, ("username", "blank")),
        ({"username": "n" * 300}, ("username", "max_length")),
        ({"username": "n" * 200}, ("username", "max_length")),
        ({"language": "xx"}, ("language", "invalid_choice")),
        ({"language": None}, ("language", "null")),
        ({"first_name": "n" * 151}, ("first_name", "max_length")),
    ],
)
def test_a_wrong_value_changes_nothing(tokens, body, wrong):
    before = get("profile/", access=tokens["access"]).json()

    answer = patch("profile/", body, access=tokens["access"])

    assert errors_of(answer) == [wrong]
    assert get("profile/", access=tokens["access"]).json() == before


def test_an_empty_change_is_fine(tokens):
    assert patch("profile/", {}, access=tokens["access"]).status_code == 200


def test_a_profile_cannot_be_replaced_or_deleted(client, tokens):
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")

    assert client.put("/api/v1/profile/", {}, format="json").status_code == 405
    assert client.delete("/api/v1/profile/").status_code == 405
