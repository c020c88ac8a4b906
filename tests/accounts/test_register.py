"""POST auth/register/."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from .calls import PASSWORD, errors_of, has_field, log_in, make_user, post

pytestmark = pytest.mark.django_db
NAME = {"username": "anna", "password": PASSWORD}


def people() -> list[str]:
    return sorted(user.get_username() for user in get_user_model()._default_manager.all())


def test_a_username_and_a_password_make_an_account_that_can_sign_in():
    answer = post("auth/register/", NAME)

    assert answer.status_code == 201
    assert set(answer.data) == {"detail", "verification"}
    assert answer.data["verification"] is None
    assert answer["Cache-Control"] == "no-store"
    assert people() == ["anna"]
    assert log_in("anna")["expires_in"] == 300


def test_the_password_is_stored_hashed_and_never_answered():
    answer = post("auth/register/", NAME)

    assert PASSWORD not in answer.content.decode()
    user = get_user_model()._default_manager.get()
    assert PASSWORD not in user.password
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["anna", "ANNA", "Anna", "\uff21nna"])
def test_a_name_that_differs_in_case_or_width_only_is_taken(name):
    make_user("anna")

    answer = post("auth/register/", {**NAME, "username": name})

    assert errors_of(answer) == [("username", "username_taken")]
    assert people() == ["anna"]


def test_case_is_seen_through_in_cyrillic_too():
    post("auth/register/", {**NAME, "username": "Айгүл"})

    answer = post("auth/register/", {**NAME, "username": "АЙГҮЛ"})

    assert errors_of(answer) == [("username", "username_taken")]
    assert people() == ["Айгүл"]


def test_a_name_is_stored_in_its_compatible_form():
    post("auth/register/", {**NAME, "username": "ﬁrdavs"})

    assert people() == ["firdavs"]
    assert log_in("ﬁrdavs")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"username": ""}, ("username", "blank")),
        ({"username": "n" * 255}, ("username", "max_length")),
        ({"username": "ﬃ" * 140}, ("username", "max_length")),
        ({"username": ["anna"]}, ("username", "invalid")),
        ({"username": None}, ("username", "null")),
        ({"password": "short"}, ("password", "password_too_short")),
        ({"password": "password1234"}, ("password", "password_too_common")),
        ({"password": "p" * 1025}, ("password", "max_length")),
        ({"password_confirm": "another"}, ("password_confirm", "password_mismatch")),
        ({"email": "no address"}, ("email", "invalid")),
        ({"phone": "90123"}, ("phone", "invalid_phone")),
        ({"address": {"city": "Nukus"}}, ("address.street", "required")),
        ({"is_staff": True}, ("is_staff", "unknown_member")),
        ({"is_superuser": True}, ("is_superuser", "unknown_member")),
    ],
)
def test_what_is_wrong_is_named_and_makes_no_account(change, wrong):
    answer = post("auth/register/", {**NAME, **change})

    assert wrong in errors_of(answer)
    assert people() == []


@pytest.mark.parametrize("missing", ["username", "password"])
def test_name_and_password_are_required(missing):
    body = {member: text for member, text in NAME.items() if member != missing}

    assert errors_of(post("auth/register/", body)) == [(missing, "required")]
    assert people() == []


def test_a_body_that_is_no_object_is_refused():
    answer = post("auth/register/", ["anna", PASSWORD])

    assert answer.status_code == 400
    assert people() == []


def test_a_nul_is_refused(client):
    body = '{"username": "an\\u0000na", "password": "a-good-passphrase-7"}'

    answer = client.post(reverse("shopkit:auth-register"), body, content_type="application/json")

    assert answer.status_code == 400
    assert people() == []


def test_names_are_kept_where_the_site_has_room_for_them():
    contact = {"first_name": "Anna", "last_name": "Kim"}

    answer = post("auth/register/", {**NAME, "password_confirm": PASSWORD, **contact})

    if has_field("first_name"):
        user = get_user_model()._default_manager.get()
        assert answer.status_code == 201
        assert {name: getattr(user, name) for name in contact} == contact
    else:
        assert errors_of(answer) == [(name, "unknown_member") for name in contact]
        assert people() == []


def test_an_address_of_the_site_s_own_that_nobody_proved_identifies_nobody():
    user = make_user("anna")
    setattr(user, user.get_email_field_name(), "anna@example.com")
    user.save()

    by_address = post("auth/login/", {"identifier": "anna@example.com", "password": PASSWORD})

    assert by_address.status_code == 401


def test_the_validators_see_the_account_they_judge_for(settings):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {
            "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": [get_user_model().USERNAME_FIELD]},
        }
    ]

    answer = post("auth/register/", {"username": "annakarenina", "password": "annakarenina1"})

    assert errors_of(answer) == [("password", "password_too_similar")]
    assert people() == []
